"""Every write added to the API of goals, once through."""

from tests.api.content import build_content, caller_for
from tests.worlds import World


def test_parts_are_written_and_taken_out(world: World) -> None:
    ada = caller_for(world.ada)
    ids = build_content(world, ada)
    gid = ids["goal_id"]

    def version() -> int:
        return ada.made(f"goals/{gid}", method="get")["version"]

    answer = ada.ask("post", f"goals/{gid}/initiatives", {"version": version(), "title": "Pair on reviews"})
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert ada.ask("get", answer["Location"].removeprefix("/api/v1/o/meridian/")).json()["id"] == made["id"]
    body = {"version": version(), "title": "Pair on all reviews", "owner_id": world.ben.pk}
    assert ada.made(f"goals/initiatives/{made['id']}", body, method="put")["title"] == "Pair on all reviews"
    assert ada.ask("put", f"goals/initiatives/{made['id']}", {**body, "version": 1}).status_code == 409
    assert ada.made(f"goals/initiatives/{made['id']}/done", {"is_done": True}, method="put")["state"] == "closed"
    assert ada.made(f"goals/initiatives/{made['id']}/done", {"is_done": False}, method="put")["state"] == "active"
    stones = {
        "version": version(),
        "title": "Rolled out",
        "measure": "milestones",
        "milestones": [{"title": "One ward"}, {"title": "All wards"}],
    }
    answer = ada.ask("post", f"goals/{gid}/key-results", stones)
    assert answer.status_code == 201, answer.content
    kr = answer.json()["id"]
    assert answer["Location"].endswith(f"goals/{kr}")
    found = ada.ask("get", f"goals/key-results/{kr}/milestones").json()
    assert [row["title"] for row in found] == ["One ward", "All wards"]
    assert ada.made(f"goals/milestones/{found[0]['id']}/done", {"is_done": True}, method="put")["done_on"]
    assert ada.made(f"goals/{kr}", method="get")["progress"] == 0.5
    edit = {
        **stones,
        "version": version(),
        "title": "Rolled out!",
        "is_editorial": True,
        "milestones": [{"title": row["title"], "id": row["id"]} for row in found],
    }
    assert ada.made(f"goals/key-results/{kr}", edit, method="put")["title"] == "Rolled out!"
    assert ada.ask("delete", f"goals/parts/{kr}?version={version()}").status_code == 422
    assert ada.ask("delete", f"goals/parts/{gid}?version={version()}&reason=x").status_code == 404
    for part in (kr, made["id"]):
        assert ada.ask("delete", f"goals/parts/{part}?version={version()}&reason=Too+much").status_code == 204
        assert ada.made(f"goals/{part}", method="get")["state"] == "dropped"


def test_links_readings_words_themes(world: World) -> None:
    ada, ben = caller_for(world.ada), caller_for(world.ben)
    ids = build_content(world, ada)
    gid, kr = ids["goal_id"], ids["key_result_id"]

    def version() -> int:
        return ada.made(f"goals/{gid}", method="get")["version"]

    put = ada.made(f"goals/{gid}/stakeholders", {"stakeholder_ids": [ids["stakeholder_id"]]}, method="put")
    assert put == {"goal_id": gid, "stakeholder_ids": [ids["stakeholder_id"]]}
    assert ada.ask("put", f"goals/{gid}/stakeholders", {"stakeholder_ids": [999999]}).status_code == 422
    assert ada.ask("put", f"goals/{gid}/stakeholders", {"stakeholder_ids": [0]}).status_code == 422
    need = ada.made(
        f"goals/{gid}/dependencies",
        {"version": version(), "provider_id": world.ben.pk, "text": "A build", "provider_goal_id": ids["parent_id"]},
    )
    assert (need["state"], need["provider_goal_id"]) == ("requested", ids["parent_id"])
    url = f"goals/dependencies/{need['id']}"
    assert ben.ask("post", f"{url}/decline", {}).status_code == 422
    for word, state in (
        ("accept", "accepted"),
        ("at_risk", "at_risk"),
        ("decline", "declined"),
        ("accept", "accepted"),
        ("deliver", "delivered"),
    ):
        assert ben.made(f"{url}/{word}", {"answer": "So it is"})["state"] == state
    assert ben.ask("post", f"{url}/accept", {}).status_code == 409
    assert ben.ask("post", f"{url}/maybe", {}).status_code == 422
    ada.made(f"goals/{gid}/propose", {"version": version()})
    comment = ada.made(f"goals/{gid}/comments", {"text": "Which?"})
    assert comment["by_name"]
    assert ben.ask("put", f"goals/comments/{comment['id']}", {"text": "Mine"}).status_code == 403
    assert ben.ask("delete", f"goals/comments/{comment['id']}").status_code == 403
    changed = ada.made(f"goals/comments/{comment['id']}", {"text": "Which ones?"}, method="put")
    assert (changed["text"], changed["is_edited"]) == ("Which ones?", True)
    assert ada.ask("delete", f"goals/comments/{comment['id']}").status_code == 204
    assert ada.ask("delete", f"goals/comments/{comment['id']}").status_code == 404
    theme = ada.made("goals/themes", {"title": "Speed"})
    body = {"title": "Calm speed", "version": theme["version"]}
    assert ada.made(f"goals/themes/{theme['id']}", body, method="put")["title"] == "Calm speed"
    assert ada.ask("put", f"goals/themes/{theme['id']}", body).status_code == 409
    assert ben.ask("post", f"goals/themes/{theme['id']}/drop").status_code == 403
    assert ada.made(f"goals/themes/{theme['id']}/drop")["dropped_on"]
    assert ada.ask("delete", f"goals/alignments/{ids['alignment_id']}?version={version()}&reason=No").status_code == 204
    assert len(ada.made("goals?size=1", method="get")["items"]) == 1
    from throughline.goals.models import Goal

    Goal.objects.filter(pk=gid).update(state="active")
    ada.made(f"goals/{kr}/check-ins", {"value": 3, "confidence_0_1": 0.5})
    row = ada.made(f"goals/{kr}/check-ins?size=1", method="get")["items"][0]
    right = ada.made(f"goals/check-ins/{row['id']}", {"value": 2, "confidence_0_1": 0.7}, method="put")
    assert right["id"] != row["id"]
    assert (right["value"], right["confidence_percent"], right["is_corrected"]) == (
        2,
        70,
        False,
    )
    assert ada.ask("put", f"goals/check-ins/{row['id']}", {"value": 2}).status_code == 404
