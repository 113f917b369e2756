from django.urls import path

from throughline.components import views

app_name = "components"

urlpatterns = [
    path("style/", views.style, name="style"),
    path("style/progress/", views.style_progress, name="style_progress"),
    path("theme/", views.theme_choose, name="theme"),
]
