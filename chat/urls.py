from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from chat import own_data, own_devices, own_memories, own_schedules, previews, reading, views
from chat.admin import retention

app_name = "chat"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.page, name="page"),
    path("c/<str:session_id>", views.page, name="session"),
    path("preview", previews.preview, name="preview"),
    path("preview/diagram", previews.diagram, name="diagram"),
    path("preview/chart", previews.chart, name="chart"),
    path("c/<str:session_id>/print", reading.printable, name="print"),
    path("share/<str:share_id>", reading.shared, name="shared"),
    path("share/<str:share_id>/copy", reading.go_on, name="go_on"),
    path("share/<str:share_id>/chat/<str:place>", reading.shared, name="shared_chat"),
    path("share/<str:share_id>/chat/<str:place>/copy", reading.go_on, name="go_on_chat"),
    path("settings/", views.settings, name="settings"),
    path("settings/import/", own_data.bring_in, name="import"),
    path("settings/export/", own_data.take_along, name="export"),
    path("settings/delete/", own_data.delete_all, name="delete_all"),
    path("settings/devices/sign-out/", own_devices.sign_out_others, name="sign_out_others"),
    path("settings/devices/<str:device_id>/sign-out/", own_devices.sign_out, name="sign_out_device"),
    path("settings/memory/", own_memories.write, name="add_memory"),
    path("settings/memory/switch/", own_memories.switch, name="switch_memory"),
    path("settings/memory/forget/", own_memories.forget_all, name="forget_memories"),
    path("settings/memory/<str:memory_id>/", own_memories.write, name="change_memory"),
    path("settings/memory/<str:memory_id>/forget/", own_memories.forget, name="forget_memory"),
    path("schedules/", own_schedules.listed, name="schedules"),
    path("schedules/new/", own_schedules.write, name="new_schedule"),
    path("schedules/<str:schedule_id>/", own_schedules.write, name="schedule"),
    path("schedules/<str:schedule_id>/switch/", own_schedules.switch, name="switch_schedule"),
    path("schedules/<str:schedule_id>/run/", own_schedules.run, name="run_schedule"),
    path("schedules/<str:schedule_id>/delete/", own_schedules.delete, name="delete_schedule"),
    path("settings/tokens/", views.create_token, name="create_token"),
    path("settings/tokens/<str:digest>/revoke/", views.revoke_token, name="revoke_token"),
    # Below the team's page, although it is about chats: there it is looked for.
    path("admin/ai_studio/team/<str:team_id>/retention/", admin.site.admin_view(retention.view), name="retention"),
    path("api/", include("chat.api.urls", namespace="api")),
]
