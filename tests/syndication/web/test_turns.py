"""No client has all the threads that answer."""

import asyncio

from syndication.web.turns import MOST, Turns


async def working(turns: Turns, client: str, at_work: list[str], most: list[int], end: asyncio.Event) -> None:
    async with await turns.begun(client):
        at_work.append(client)
        most.append(at_work.count(client))
        await end.wait()
        at_work.remove(client)


def test_of_one_client_so_many_requests_are_worked_at_and_of_others_none_waits():
    async def asked() -> None:
        turns, at_work, most, end = Turns(), [], [], asyncio.Event()
        tasks = [asyncio.create_task(working(turns, "a", at_work, most, end)) for _ in range(20)]
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(working(turns, each, at_work, most, end)) for each in "bc"]
        for _ in range(3):
            await asyncio.sleep(0)
        assert sorted(at_work) == ["a"] * MOST + ["b", "c"]
        end.set()
        await asyncio.gather(*tasks)
        assert len(most) == 22
        assert max(most) == MOST
        assert len(turns) == 0

    asyncio.run(asked())


def test_a_turn_that_is_given_up_while_it_waits_is_nobody_s():
    async def asked() -> None:
        turns = Turns(1)
        first = await turns.begun("a")
        second = asyncio.create_task(turns.begun("a"))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        assert len(turns) == 1
        await first.aclose()
        await first.aclose()
        assert len(turns) == 0
        await (await turns.begun("a")).aclose()

    asyncio.run(asked())
