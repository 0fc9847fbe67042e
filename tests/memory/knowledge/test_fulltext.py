"""Full text search."""

from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memory.knowledge import fulltext, fulltext_sqlite, word_counts
from memory.knowledge.coverage import asked_for, covered
from memory.knowledge.text_rows import TextRow
from memory.knowledge.word_counts import WordCounts
from memory.storage.database import Database
from memory.storage.units import Statements


def _id(number: int) -> str:
    return f"{number:032x}"[::-1]


@pytest.fixture
async def base(database: Database) -> Database:
    """Three passages of one tenant and one of another."""
    return await _filled(database)


@pytest.fixture
async def base_in_a_file(sqlite_database: Database) -> Database:
    """The same on SQLite."""
    return await _filled(sqlite_database)


async def _filled(database: Database) -> Database:
    async with database.transaction() as session:
        rows = [
            TextRow(_id(1), "Refund policy", "", "Money goes back to the card."),
            TextRow(_id(2), "Invoices", "Download", "A refund is shown on the invoice."),
            TextRow(_id(3), "Opening hours", "", "From nine to five."),
        ]
        await fulltext.add(session, "acme", rows)
        await fulltext.add(session, "other", [TextRow(_id(4), "Refund", "", "refund refund")])
    return database


async def _match(database: Database, query: str, tenant: str = "acme") -> list[str]:
    found = await database.units.read(lambda do: fulltext.match(do, tenant, query, 10))
    return [one for one, _ in found]


async def test_titles_weigh_more_and_words_are_stemmed(base: Database) -> None:
    """`refunds` finds both; the article about refunds comes first; other tenants stay out."""
    assert await _match(base, "refunds") == [_id(1), _id(2)]


async def test_removed_passages_are_not_found(base: Database) -> None:
    """Removing is by id, and unknown ids do no harm."""
    async with base.transaction() as session:
        await fulltext.remove(session, [_id(1), _id(9)])
    assert await _match(base, "refund") == [_id(2)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    query=st.text() | st.sampled_from(['"', "AND", "a*", "NEAR(", "title:x", "-", "^", "²", "\x00"])
)
async def test_any_text_is_a_query(base: Database, query: str) -> None:
    """No input is a syntax error."""
    await _match(base, query)


def test_a_query_of_stop_words_keeps_them() -> None:
    """Where nothing else is left, the little words are searched."""
    assert fulltext.terms("Where is it?") == ["where", "is", "it"]
    assert fulltext.terms("Where is my Invoice? invoice") == ["invoice"]


async def test_a_large_base_is_asked_for_its_rarest_words(
    base_in_a_file: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as can be afforded, one at least; a word that nobody knew yet costs nothing."""
    asked, now = ["refunds", "unheard", "invoice", "nine"], [0.0]
    counts = WordCounts(lambda: now[0])
    read = base_in_a_file.units.read

    def affordable(do: Statements, of: WordCounts, words: list[str]) -> list[str]:
        return of.affordable("acme", words, partial(fulltext_sqlite.count, do, "acme"))

    whole = await read(lambda do: affordable(do, counts, asked))
    monkeypatch.setattr(word_counts, "MOST_ROWS", 1)
    few = await read(lambda do: affordable(do, WordCounts(), asked))
    remembered = await read(lambda do: affordable(do, counts, asked[:1]))
    assert sorted(whole) == sorted(asked)
    assert few[0] == "unheard"
    assert len(few) < len(asked)
    assert remembered == asked[:1]


async def test_tenants_whose_names_have_the_same_words_stay_apart(base: Database) -> None:
    """Another one's passages stay out, also where its name begins with this one's or reads alike."""
    async with base.transaction() as session:
        for number, tenant in enumerate(["acme-eu", "Acme!", 'ac"me'], start=5):
            await fulltext.add(session, tenant, [TextRow(_id(number), "Refunds", "", "refund")])
    assert await _match(base, "refunds") == [_id(1), _id(2)]
    assert await _match(base, "acme") == []
    for number, tenant in enumerate(["acme-eu", "Acme!", 'ac"me'], start=5):
        assert await _match(base, "refund", tenant) == [_id(number)]


async def test_no_neighbour_counts_in_what_is_searched(
    base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that holds this one's, and many passages: it takes no word and no row of this tenant's."""
    monkeypatch.setattr(word_counts, "MOST_ROWS", 4)
    neighbours = [TextRow(_id(n), "Refunds", "", "refund policy") for n in range(5, 55)]
    async with base.transaction() as session:
        await fulltext.add(session, "acme-test", neighbours)
    assert await _match(base, "refund policy") == [_id(1), _id(2)]


async def test_a_neighbours_words_do_not_weigh(base: Database) -> None:
    """How rare a word is, is asked of the tenant's own passages: they are found as without the others."""
    rows = [
        TextRow(
            _id(100 + n), "", "", f"{'alpha' if n % 3 else 'beta'} word{n} {'gamma ' * (n % 5)}"
        )
        for n in range(30)
    ]
    async with base.transaction() as session:
        await fulltext.add(session, "small", rows)
    asked = ("alpha gamma word7", "beta gamma", "alpha beta word9")

    def match(do: Statements) -> list[list[str]]:
        return [[one for one, _ in fulltext.match(do, "small", words, 10)] for words in asked]

    async with base.transaction() as session:
        await fulltext.remove(session, [_id(n) for n in (1, 2, 3, 4)])
    alone = await base.units.read(match)
    others = [TextRow(_id(500 + n), "", "", "beta filler words " * 3) for n in range(400)]
    async with base.transaction() as session:
        await fulltext.add(session, "large", others)
    assert await base.units.read(match) == alone


async def test_an_older_program_searches_it_as_before(base_in_a_file: Database) -> None:
    """It reads each row's tenant from its content; its rows are written alike."""
    query = (
        "SELECT chunk_id, -bm25(chunk_text, 0, 0, 3, 2, 1) AS score FROM chunk_text"
        " WHERE chunk_text MATCH ? AND tenant = ? ORDER BY score DESC, chunk_id LIMIT ?"
    )
    found = await base_in_a_file.units.read(lambda do: do.rows(query, ('"refunds"', "acme", 10)))
    assert [row[0] for row in found] == await _match(base_in_a_file, "refunds")


def test_a_word_stands_in_a_text_that_writes_it_with_a_hyphen() -> None:
    """As "wifi" and "email" do where the article has "Wi-Fi" and "e-mail"."""
    assert covered(asked_for("wifi email"), "Wi-Fi by e-mail") == 1
    assert covered(asked_for("follow"), "Unfollow by e-mail") == 0


async def test_a_base_that_grows_is_searched_before_its_counts_are_taken_again(
    base: Database,
) -> None:
    """Beside others' passages a tenant asks before it has any; what it adds then is found, the rarer word first."""
    counts = WordCounts()

    async def match(query: str) -> list[str]:
        found = await base.units.read(lambda do: fulltext.match(do, "young", query, 10, counts))
        return [one for one, _ in found]

    assert await match("parcel") == []
    rows = [TextRow(_id(600 + n), "", "", f"parcel{' locker' * (n == 7)} stop") for n in range(9)]
    async with base.transaction() as session:
        await fulltext.add(session, "young", rows)
    found = await match("parcel locker")
    assert found[0] == _id(607)
    assert len(found) == len(rows)


async def test_a_base_that_is_filled_is_ranked_by_what_is_rare_in_it_now(base: Database) -> None:
    """Beside another tenant a young base was ranked for ten minutes as if all words were as common."""
    remembered = WordCounts()

    async def match(counts: WordCounts) -> list[tuple[str, float]]:
        asked = "password of the hologram"
        return await base.units.read(lambda do: fulltext.match(do, "young", asked, 10, counts))

    assert await match(remembered) == []
    rows = [TextRow(_id(700 + n), "", "", f"Change a password, {n}") for n in range(30)]
    rows.append(
        TextRow(_id(730), "", "", "Of a badge the hologram is the mark of its maker and year")
    )
    rows.append(TextRow(_id(731), "Password", "Password", "Password, password and password"))
    async with base.transaction() as session:
        await fulltext.add(session, "young", rows)
    found = await match(remembered)
    assert found == await match(WordCounts())
    assert found[0][0] == _id(730)


def test_no_more_counts_are_kept_however_many_tenants_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many passages each has counts as well."""
    monkeypatch.setattr(word_counts, "MOST_WORDS", 3)
    counts = WordCounts()
    for number in range(9):
        counts.passages(f"tenant{number}", lambda _: 5)
    assert len(counts._known) == 3
