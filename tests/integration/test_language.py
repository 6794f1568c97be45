"""A declared language is held against the text, in the sandbox too."""
import ctypes.util

import pytest
from house import story

ENGLISH = ("The ferry to Oxley is back in service after three weeks, and the first boat of the day was full. "
           "The harbour office said that it would be free for pupils until the end of the month.\n\n"
           "It runs on weekdays only, as it did by the old timetable, and takes no cars.")


@pytest.mark.skipif(not ctypes.util.find_library("cld2"), reason="this machine has no CLD2")
def test_a_wrong_language_is_kept_and_warned_of(daemon):
    with daemon.client() as client:
        client.submit(story(uri="wrong", text=ENGLISH, language="de"), source="dpa")
        client.submit(story(uri="right", text=ENGLISH + " It was.", language="en"), source="dpa")
        wrong, right = (client.get("dpa", uri).article for uri in ("wrong", "right"))
    assert wrong["language"] == "de" and wrong["wr"]["detected"] == {"language": "en", "reliable": True}
    assert "language-differs" in [w["code"] for w in wrong["wr"]["warnings"]]
    assert right["language"] == "en" and "detected" not in right["wr"]
