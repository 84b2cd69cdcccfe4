"""The bundle is FHIR R4: held against the models of 4.0.1, and against the value sets that those do not look at."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from fhirclient.models.bundle import Bundle

from bot.domain.appointments import Place
from bot.domain.holdings import HeldCheckIn, HeldSession, Holdings
from bot.domain.instrument import TWO_ITEMS
from bot.domain.model import CheckInState, Language, SessionState
from bot.exporting.fhir import bundle
from bot.exporting.record import dumped
from bot.texts import Texts
from handlers import files
from tests.exporting import AT, MINUTE, NOW, WEEK, answered, asked, corrected, held, planned, session

STATUSES: Final = {
    "Questionnaire": {"draft", "active", "retired", "unknown"},
    "CodeSystem": {"draft", "active", "retired", "unknown"},
    "QuestionnaireResponse": {"in-progress", "completed", "amended", "entered-in-error", "stopped"},
    "Observation": {
        *("registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"),
    },
    "Encounter": {
        *("planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "entered-in-error"),
        "unknown",
    },
}
"""Required value sets: hl7.org/fhir/R4/valueset-{publication,questionnaire-answers,observation,encounter}-status."""

ASKED: Final = {
    CheckInState.OPEN: "in-progress",
    CheckInState.DONE: "completed",
    CheckInState.DECLINED: "stopped",
    CheckInState.CLOSED: "stopped",
    CheckInState.STOPPED: "stopped",
    CheckInState.NO_SESSION: "entered-in-error",
    CheckInState.CANCELLED: "entered-in-error",
}
NEVER_ASKED: Final = [state for state in CheckInState if state not in ASKED]


def written(*patients: Holdings) -> dict[str, Any]:
    """Write a bundle and read it back, once FHIR's own models have taken it."""
    made: dict[str, Any] = json.loads(dumped(bundle(patients, files._wording(Texts.load()), NOW)))
    assert Bundle(made, strict=True).as_json() == made, "nothing is left out, nothing is of a wrong type"
    for resource in (entry["resource"] for entry in made["entry"]):
        assert resource.get("status") in STATUSES.get(resource["resourceType"], {None})
    return made


def of_kind(made: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the resources of a kind."""
    return [entry["resource"] for entry in made["entry"] if entry["resource"]["resourceType"] == kind]


def one_of_kind(one: HeldCheckIn, kind: str) -> dict[str, Any]:
    """Return the only resource of a kind in the bundle about one session."""
    (found,) = of_kind(written(held(session(1, one))), kind)
    return found


@pytest.mark.parametrize("state", ASKED)
@pytest.mark.parametrize("scores", [(), (9,), (9, 8), (9, 8, 7)])
def test_what_was_asked_is_a_response_in_every_state(state: CheckInState, scores: tuple[int, ...]) -> None:
    made = written(held(session(1, asked(state, *scores))))

    (response,) = of_kind(made, "QuestionnaireResponse")
    assert response["status"] == ASKED[state]
    assert [item["answer"] for item in response.get("item", [])] == [[{"valueInteger": score}] for score in scores]
    assert len(of_kind(made, "Observation")) == (len(scores) >= 2)
    assert len(of_kind(made, "Encounter")) == 1


@pytest.mark.parametrize("state", [*NEVER_ASKED, CheckInState.CANCELLED, CheckInState.STOPPED])
def test_what_was_never_asked_has_no_response(state: CheckInState) -> None:
    made = written(held(session(1, planned(state=state)), session(2, None)))

    assert [entry["resource"]["resourceType"] for entry in made["entry"]] == ["CodeSystem", "Patient"]


def test_a_question_that_never_arrived_has_no_response() -> None:
    gone = replace(asked(CheckInState.UNREACHABLE), sent_at=None)

    assert of_kind(written(held(session(1, gone))), "QuestionnaireResponse") == []


def test_an_answer_that_was_changed_after_the_summary_amends_the_response_and_the_alliance() -> None:
    assert one_of_kind(corrected(), "QuestionnaireResponse")["status"] == "amended"
    assert one_of_kind(corrected(), "Observation")["status"] == "amended"


def test_correcting_without_changing_anything_amends_nothing() -> None:
    same = replace(asked(CheckInState.DONE, 9, 8, 2), corrected_at=AT + 30 * MINUTE)

    assert one_of_kind(same, "QuestionnaireResponse")["status"] == "completed"


def test_words_that_were_edited_after_the_summary_amend_it() -> None:
    one = answered()
    edited = replace(one.words[1], changed_at=AT + 30 * MINUTE)

    assert one_of_kind(replace(one, words=(edited,)), "QuestionnaireResponse")["status"] == "amended"


def test_a_response_says_who_answered_what_about_which_session_and_when() -> None:
    made = written(held(session(1, answered())))

    (response,), (patient,), (encounter,) = (
        of_kind(made, kind) for kind in ("QuestionnaireResponse", "Patient", "Encounter")
    )
    (form,) = of_kind(made, "Questionnaire")
    assert {response[name]["reference"] for name in ("subject", "author", "source")} == {f"urn:uuid:{patient['id']}"}
    assert response["encounter"]["reference"] == f"urn:uuid:{encounter['id']}"
    assert response["questionnaire"] == f"{form['url']}|{form['version']}"
    assert response["authored"] == "2026-11-17T16:21:00Z", "the last answer; urgent words answer no question"
    assert patient["identifier"] == [{"value": "P-07"}]
    assert "name" not in patient


def test_words_stand_at_the_invitation_they_answer_and_urgent_ones_at_none() -> None:
    response = one_of_kind(answered(), "QuestionnaireResponse")

    given = {item["linkId"]: item["answer"] for item in response["item"]}
    assert given["pending-words"] == [{"valueString": "lo de mi hermana"}]
    assert given["reflection"] == [{"valueString": "bien, gracias"}], "FHIR takes no control characters"
    assert "kolibriwort" not in json.dumps(response)


def test_the_questionnaire_asks_in_the_words_that_were_shown_within_its_bounds() -> None:
    form = one_of_kind(answered(), "Questionnaire")

    asked_ = {item["linkId"]: item for item in form["item"]}
    assert list(asked_) == ["understood", "sense", "pending", "pending-words", "reflection"]
    assert asked_["understood"]["text"] == "¿Se sintió comprendido hoy?"
    assert {each["url"].rpartition("/")[2]: each["valueInteger"] for each in asked_["sense"]["extension"]} == {
        "minValue": 0,
        "maxValue": 10,
        "questionnaire-sliderStepValue": 1,
    }
    assert [item["type"] for item in form["item"]] == ["integer"] * 3 + ["text"] * 2
    assert form["language"] == Language.ES


def test_each_wording_is_a_version_of_its_own_and_each_set_of_items_a_questionnaire() -> None:
    one = asked(CheckInState.DONE, 9, 8, 7)
    dated = replace(one, text_version="en.usted.neutral.dated.1")
    shorter = replace(asked(CheckInState.DONE, 9, 8), items=TWO_ITEMS)
    before = replace(one, text_version="es.usted.comprendido.today.0")
    made = written(held(*(session(number, each) for number, each in enumerate((one, one, dated, shorter, before)))))

    forms = of_kind(made, "Questionnaire")

    assert len(forms) == 4
    assert len({form["url"] for form in forms}) == 2
    unknown = next(form for form in forms if form["version"].endswith(".0"))
    assert not any("text" in item for item in unknown["item"]), "what it said then is not known any more"


def test_the_alliance_is_the_mean_of_its_items_and_comes_from_the_response() -> None:
    made = written(held(session(1, answered())))

    (alliance,), (response,) = of_kind(made, "Observation"), of_kind(made, "QuestionnaireResponse")
    assert alliance["valueQuantity"]["value"] == 8.5
    assert alliance["category"][0]["coding"][0]["code"] == "survey"
    assert alliance["derivedFrom"] == [{"reference": f"urn:uuid:{response['id']}"}]
    assert [part["valueInteger"] for part in alliance["component"]] == [9, 8]
    (codes,) = of_kind(made, "CodeSystem")
    used = [alliance["code"], *(part["code"] for part in alliance["component"])]
    assert {code["coding"][0]["system"] for code in used} == {codes["url"]}


@pytest.mark.parametrize(
    ("change", "became"),
    [
        (lambda one: one, "finished"),
        (lambda one: replace(one, state=SessionState.CANCELLED), "cancelled"),
        (lambda one: replace(one, state=SessionState.MISSED), "cancelled"),
        (lambda one: replace(one, starts_at=NOW, ends_at=NOW + MINUTE), "in-progress"),
        (lambda one: replace(one, starts_at=NOW + MINUTE, ends_at=NOW + MINUTE), "planned"),
        (lambda one: replace(one, check_in=asked(CheckInState.NO_SESSION)), "unknown"),
    ],
)
def test_a_session_is_an_encounter(change: Callable[[HeldSession], HeldSession], became: str) -> None:
    (encounter,) = of_kind(written(held(change(session(1, answered())))), "Encounter")

    assert encounter["status"] == became
    assert encounter["class"]["code"] == "AMB"


def test_a_session_online_is_a_virtual_encounter() -> None:
    online = replace(session(1, answered()), place=Place.ONLINE)

    assert of_kind(written(held(online)), "Encounter")[0]["class"]["code"] == "VR"


def test_every_reference_leads_to_a_resource_of_the_bundle_and_no_address_is_given_twice() -> None:
    ana = held(session(1, answered()), session(2, asked(CheckInState.DECLINED, ends_at=AT + WEEK), AT + WEEK))
    leo = held(session(3, corrected()), code="P-08", number=8)
    made = written(ana, leo)

    addresses = [entry["fullUrl"] for entry in made["entry"]]
    assert len(set(addresses)) == len(addresses)
    assert set(references(made)) <= set(addresses)


def references(part: object) -> list[str]:
    """Return every reference in a part of a bundle."""
    match part:
        case {"reference": str(found)}:
            return [found]
        case dict():
            return [found for value in part.values() for found in references(value)]
        case list():
            return [found for value in part for found in references(value)]
    return []


def test_the_same_thing_has_the_same_address_in_every_bundle() -> None:
    first = written(held(session(1, asked(CheckInState.OPEN, 9))))
    later = written(held(session(1, answered())))

    assert {entry["fullUrl"] for entry in first["entry"]} < {entry["fullUrl"] for entry in later["entry"]}
