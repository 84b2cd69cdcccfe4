"""Chats wait for a free hand in order; one in danger does not wait; whoever gives up waiting takes no hand along."""

import asyncio

import pytest

from handlers.hands import Hands


class Ward:
    """Two hands, a list of who is pressing, and a note of who has got one."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self.pressing: set[str] = set()
        self.hands = Hands[str](2, self.pressing.__contains__)
        self.got: list[str] = []
        self._over: dict[str, asyncio.Event] = {}
        self._group = group

    async def comes(self, name: str) -> "asyncio.Task[None]":
        self._over[name] = asyncio.Event()
        task = self._group.create_task(self._holds(name))
        await everybody_acts()
        return task

    async def goes(self, *names: str) -> None:
        for name in names:
            self._over[name].set()
        await everybody_acts()

    async def _holds(self, name: str) -> None:
        async with self.hands.hand(name):
            self.got.append(name)
            await self._over[name].wait()


async def everybody_acts() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_came_first_is_served_first() -> None:
    async with asyncio.TaskGroup() as group:
        ward = Ward(group)
        for name in "abcd":
            await ward.comes(name)
        assert ward.got == ["a", "b"]

        await ward.goes("a")
        assert ward.got == ["a", "b", "c"]
        await ward.goes("b", "c", "d")

    assert ward.got == ["a", "b", "c", "d"]


@pytest.mark.parametrize("is_waiting", [False, True])
async def test_who_is_pressing_waits_for_nobody_and_takes_no_place_away(*, is_waiting: bool) -> None:
    async with asyncio.TaskGroup() as group:
        ward = Ward(group)
        for name in "abc":
            await ward.comes(name)
        if is_waiting:
            await ward.comes("d")
        ward.pressing.add("d")
        if is_waiting:
            ward.hands.hurry("d")
            await everybody_acts()
        else:
            await ward.comes("d")
        assert ward.got == ["a", "b", "d"]

        await ward.goes("d")
        assert ward.got == ["a", "b", "d"], "three had a hand, and there are two"
        await ward.goes("a", "b", "c")

    assert ward.got == ["a", "b", "d", "c"]


@pytest.mark.parametrize("is_served", [False, True])
async def test_who_is_called_away_while_waiting_leaves_the_hand_to_others(*, is_served: bool) -> None:
    async with asyncio.TaskGroup() as group:
        ward = Ward(group)
        for name in "ab":
            await ward.comes(name)
        called_away = await ward.comes("c")
        await ward.comes("d")

        if is_served:
            ward._over["a"].set()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        called_away.cancel()
        await ward.goes("a")
        await ward.goes("b", "d")

    assert "d" in ward.got
