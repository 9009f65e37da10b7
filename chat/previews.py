"""The frames that show what a model's code makes: HTML, SVG, diagrams and charts. Each is empty until the chat page posts the code to it.

What runs in them has an origin of its own that is nobody's, reaches no network, and can lead nowhere: the page's own policy
(`frame-src 'self'`) keeps a frame from being navigated elsewhere.
"""

from __future__ import annotations

from csp.constants import NONCE
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from chat.templatetags.page_assets import page_asset

_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'unsafe-inline'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:", "blob:"],
    "font-src": ["data:"],
    "media-src": ["data:", "blob:"],
    "form-action": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-scripts"],
}
# Here a model says what is drawn, never what is run: of scripts the library alone, by the nonce of this very answer.
_DRAWN_POLICY = {
    **{
        name: _POLICY[name]
        for name in ("default-src", "style-src", "form-action", "base-uri", "frame-ancestors", "sandbox")
    },
    "script-src": [NONCE],
    "img-src": ["data:"],
}
_PREVIEW = """<!doctype html>
<html><head><meta charset="utf-8"><title>Preview</title></head><body><script>
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) Object.defineProperty(window, name, {value: undefined});
addEventListener("message", (event) => {
  if (event.source !== parent) return;
  document.open();
  document.write(event.data);
  document.close();
});
</script></body></html>
"""
_DRAWN = """<!doctype html>
<html><head><meta charset="utf-8"><title>{title}</title><style>
body {{ display: grid; margin: 0; min-height: 100vh; padding: 12px; box-sizing: border-box; place-items: center; background: #fff; color: #23211d; }}
.dark body {{ background: #1a1917; color: #ebe8e2; }}
svg {{ max-width: 100%; max-height: calc(100vh - 24px); }}
#chart {{ width: 100%; text-align: center; }}
p {{ margin: 0 0 12px; font: 13px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }}
pre {{ overflow: auto; max-width: 100%; font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; }}
</style></head><body><script nonce="{nonce}" src="{script}"></script></body></html>
"""


@require_GET
@csp(_POLICY)
@xframe_options_sameorigin
@cache_control(public=True, max_age=3600)
def preview(request: HttpRequest) -> HttpResponse:
    """Shows the HTML or SVG that the chat page posts to it. It knows nothing and nobody."""
    return _alone(_PREVIEW, connections="")


@require_GET
@csp(_DRAWN_POLICY)
@xframe_options_sameorigin
@cache_control(private=True, no_store=True)
def diagram(request: HttpRequest) -> HttpResponse:
    """Draws the Mermaid diagram that the chat page posts to it."""
    return _drawn(request, title="Diagram", script="diagram.js")


@require_GET
@csp(_DRAWN_POLICY)
@xframe_options_sameorigin
@cache_control(private=True, no_store=True)
def chart(request: HttpRequest) -> HttpResponse:
    """Draws the Vega or Vega-Lite chart that the chat page posts to it."""
    return _drawn(request, title="Chart", script="chart.js")


def _drawn(request: HttpRequest, *, title: str, script: str) -> HttpResponse:
    # The middleware gives every request its nonce (django-csp); kept by nobody, since the next answer has another.
    nonce = request.csp_nonce  # type: ignore[attr-defined]
    return _alone(_DRAWN.format(title=title, nonce=nonce, script=page_asset(script)), connections="response-origin")


def _alone(html: str, *, connections: str) -> HttpResponse:
    """`connections`: what the frame, and every frame within it, may connect to: items of a `Connection-Allowlist`.

    No content policy speaks of calls (WebRTC) or of names that are looked up, and both reach whoever they name. The allow-list
    does in Chromium; elsewhere the frame takes the calls away from what it shows.
    """
    headers = {"Connection-Allowlist": f"({connections})", "X-DNS-Prefetch-Control": "off"}
    return HttpResponse(html, headers=headers)
