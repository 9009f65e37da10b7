"""What agents can let their model do besides speaking. Each tool is a module; `registry` names them."""
