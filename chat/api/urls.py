from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from chat import sse
from chat.api import attachments, memories, people, personal, prompts, schedules, sessions, sharing, views
from chat.api.search import SearchView

urlpatterns = [
    path("studio", views.StudioView.as_view(), name="studio"),
    path("sessions", sessions.SessionsView.as_view(), name="sessions"),
    path("sessions/changed", sessions.ChangedView.as_view(), name="changed"),
    path("sessions/deleted", sessions.DeletedView.as_view(), name="deleted"),
    path("sessions/exported", sharing.ExportedView.as_view(), name="exported"),
    path("sessions/restored", sessions.RestoredView.as_view(), name="restored"),
    path("sessions/<str:session_id>", sessions.SessionView.as_view(), name="session"),
    path("sessions/<str:session_id>/shares", sharing.SharesView.as_view(), name="shares"),
    path("sessions/<str:session_id>/people", people.PeopleView.as_view(), name="people"),
    path("sessions/<str:session_id>/people/<str:person_id>", people.PersonView.as_view(), name="person"),
    path("shares/<str:share_id>", sharing.ShareView.as_view(), name="share"),
    path("folders", sessions.FoldersView.as_view(), name="folders"),
    path("folders/<str:folder_id>", sessions.FolderView.as_view(), name="folder"),
    path("folders/<str:folder_id>/shares", sharing.FolderSharesView.as_view(), name="folder_shares"),
    path("prompts", prompts.PromptsView.as_view(), name="prompts"),
    path("prompts/<str:prompt_id>", prompts.PromptView.as_view(), name="prompt"),
    path("memories", memories.MemoriesView.as_view(), name="memories"),
    path("memories/<str:memory_id>", memories.MemoryView.as_view(), name="memory"),
    path("schedules", schedules.SchedulesView.as_view(), name="schedules"),
    path("schedules/<str:schedule_id>", schedules.ScheduleView.as_view(), name="schedule"),
    path("schedules/<str:schedule_id>/run", schedules.ScheduleRunView.as_view(), name="run_schedule"),
    path("sessions/<str:session_id>/messages", views.MessagesView.as_view(), name="messages"),
    path("sessions/<str:session_id>/outline", views.OutlineView.as_view(), name="outline"),
    path("sessions/<str:session_id>/origin", views.OriginView.as_view(), name="origin"),
    path("sessions/<str:session_id>/read", personal.ReadView.as_view(), name="read"),
    path("drafts/<str:place>", personal.DraftView.as_view(), name="draft"),
    path("preferences", personal.PreferencesView.as_view(), name="preferences"),
    path("attachments", attachments.AttachmentsView.as_view(), name="attachments"),
    path("attachments/<str:attachment_id>", attachments.AttachmentView.as_view(), name="attachment"),
    path("attachments/<str:attachment_id>/thumbnail", attachments.ThumbnailView.as_view(), name="thumbnail"),
    path("search", SearchView.as_view(), name="search"),
    path("instructions", views.InstructionsView.as_view(), name="instructions"),
    path("chat/stream", sse.stream, name="stream"),
    path("chat/<str:session_id>/stream", sse.resume, name="resume"),
    path("chat/<str:session_id>/stop", sse.stop, name="stop"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
]
app_name = "api"
