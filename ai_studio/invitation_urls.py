from __future__ import annotations

from django.urls import path

from ai_studio import views

urlpatterns = [path("<str:secret>/", views.invitation, name="invitation")]
