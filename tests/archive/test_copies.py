"""Clusters of copies: the same from the same releases, whatever happens on the way, and told in the change log."""

import shutil
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive, Kind, Query, changes, copies, likeness, migrations, tables
from archive.absences import SURELY, missed
from archive.copies import Cluster
from archive.database import sqlite_url
from archive.errors import NoSuchArticle

RELEASES = tomllib.loads((Path(__file__).parent / "releases.toml").read_text("utf-8"))
OPENING, CLOSING, LOCAL = (RELEASES[name] for name in ("opening", "closing", "local"))
OFFICES = "mcls-yazd", "mcls-gilan", "mcls-hormozgan", "mcls-fars"
NOW = datetime(2021, 12, 10, tzinfo=UTC)


@pytest.fixture(scope="session")
def release(make):
    """A release by the name of its text: carried by an office, published on a day of Azar 1400."""

    def made(name, office=0, day=15, number=None, *, opening="", closing="", hours=0, **changes):
        text = RELEASES[name]
        values = {
            "source": OFFICES[office],
            "url": f"https://{OFFICES[office]}.example.ir/news/{name}-{number or day}",
            "native_id": f"{name}-{number or day}",
            "title": text["title"],
            "kicker": None,
            "lead": text["lead"] or None,
            "body": f"{opening} {text['body'].strip()}\n{closing}".strip(),
        }
        reading = make(1, f"{day} آذر ۱۴۰۰ ۱۰:۰۰", **{**values, **changes})
        return reading if not hours else make(1 + 60 * hours, f"{day} آذر ۱۴۰۰ ۱۰:۰۰", **{**values, **changes})

    return made


def clusters(archive):
    """Each cluster as the ids of its releases with their similarity, the first one in front."""
    copy, first = tables.articles.alias("copy"), tables.articles.alias("first")
    statement = (
        sa.select(first.c.id, copy.c.id, tables.copies.c.similarity, tables.copies.c.cluster)
        .join(copy, copy.c.pk == tables.copies.c.article)
        .join(first, first.c.pk == tables.copies.c.first)
    )
    found, names = {}, {}
    with archive.reading() as connection:
        for head, id_, similarity, name in connection.execute(statement):
            found.setdefault(head, set()).add((id_, similarity))
            names.setdefault(head, set()).add(name)
    assert all(len(of) == 1 for of in names.values())
    assert len(set.union(set(), *names.values())) == len(names)
    return found


def members(archive):
    return {first: {id_ for id_, _ in found} for first, found in clusters(archive).items()}


def copied(archive, since=0):
    return [change.article for change in archive.changes(since) if change.kind is Kind.COPIED]


def copy_of(archive, id_):
    return archive.article(id_).copy_of


def test_a_release_that_two_offices_carry_is_a_copy_of_the_one_published_first(archive, save, release):
    save(release("skills", 0, day=16), release("skills", 1, day=15), release("bridges", 2))
    assert archive.find_copies() == 1
    assert members(archive) == {"mcls-gilan/skills-15": {"mcls-gilan/skills-15", "mcls-yazd/skills-16"}}
    assert copy_of(archive, "mcls-yazd/skills-16") == "mcls-gilan/skills-15"
    assert copy_of(archive, "mcls-gilan/skills-15") is None
    assert copy_of(archive, "mcls-hormozgan/bridges-15") is None


def test_every_way_to_a_record_says_whose_copy_it_is(archive, save, release):
    save(release("skills", 0, day=16), release("skills", 1, day=15), release("bridges", 2))
    archive.find_copies()
    told = {record["id"]: record["copy_of"] for record in archive.records(Query())}
    assert told == {item.id: item.copy_of for item in archive.articles(Query())}
    assert told["mcls-yazd/skills-16"] == "mcls-gilan/skills-15"


def test_of_two_published_at_once_the_smaller_id_is_the_first(archive, save, release):
    save(release("skills", 0), release("skills", 1))
    archive.find_copies()
    assert list(members(archive)) == ["mcls-gilan/skills-15"]


def test_every_article_whose_copy_of_changed_has_a_row_in_the_log(archive, save, release, assert_whole):
    save(release("skills", 0), release("skills", 1, day=16), release("skills", 2, day=17))
    before = len(archive.changes())
    archive.find_copies()
    assert copied(archive, before) == ["mcls-gilan/skills-16", "mcls-hormozgan/skills-17"]
    assert archive.article("mcls-gilan/skills-16").change == before + 1
    assert_whole(archive)


def test_nothing_is_written_where_there_is_nothing_new(archive, save, release):
    save(release("skills", 0), release("skills", 1))
    archive.find_copies()
    log = archive.changes()
    assert archive.find_copies() == 0
    with archive.reading() as connection:
        assert not copies.is_behind(connection)
    assert archive.changes() == log


def test_an_empty_archive_has_no_copies(archive):
    assert archive.find_copies() == 0
    assert archive.find_copies(anew=True) == 0


def test_near_duplicates_of_one_source_are_no_copies(archive, save, release):
    save(release("skills", 0, day=15), release("skills", 0, day=17, title="مهارت آموزی", closing=LOCAL))
    assert archive.find_copies() == 0
    assert clusters(archive) == {}


def test_an_earlier_one_that_comes_late_becomes_the_first_of_all(archive, save, release):
    save(release("skills", 0, day=17), release("skills", 1, day=18))
    archive.find_copies()
    before = len(archive.changes())
    save(release("skills", 2, day=10, closing=LOCAL))
    archive.find_copies()
    ids = {"mcls-yazd/skills-17", "mcls-gilan/skills-18", "mcls-hormozgan/skills-10"}
    assert members(archive) == {"mcls-hormozgan/skills-10": ids}
    assert set(copied(archive, before)) == ids - {"mcls-hormozgan/skills-10"}
    similar = dict(clusters(archive)["mcls-hormozgan/skills-10"])
    assert similar["mcls-hormozgan/skills-10"] == 1
    assert 0.5 < similar["mcls-yazd/skills-17"] == similar["mcls-gilan/skills-18"] < 1


def test_a_date_that_is_corrected_changes_who_was_first(archive, save, release):
    save(release("skills", 0, day=15), release("skills", 1, day=16))
    archive.find_copies()
    save(release("skills", 0, day=19, number=15, hours=1))
    assert archive.find_copies() == 2
    assert list(members(archive)) == ["mcls-gilan/skills-16"]
    assert copy_of(archive, "mcls-gilan/skills-16") is None


def test_a_revision_ends_a_copy(archive, save, release):
    save(release("skills", 0, day=15), release("skills", 1, day=16), release("skills", 2, day=17))
    archive.find_copies()
    before = len(archive.changes())
    save(release("skills", 1, day=16, body=RELEASES["bridges"]["body"], hours=1))
    archive.find_copies()
    assert members(archive) == {"mcls-yazd/skills-15": {"mcls-yazd/skills-15", "mcls-hormozgan/skills-17"}}
    assert copied(archive, before) == ["mcls-gilan/skills-16"]
    save(release("skills", 0, day=15, body=RELEASES["vaccination"]["body"], hours=1))
    archive.find_copies()
    assert clusters(archive) == {}
    assert copy_of(archive, "mcls-hormozgan/skills-17") is None


def halves():
    """Two texts that are no copies, and one that is made of half of each."""
    skills, bridges = RELEASES["skills"]["body"].strip(), RELEASES["bridges"]["body"].strip()
    return skills, bridges, "\n".join((*skills.split("\n")[:2], *bridges.split("\n")[-3:]))


def test_two_clusters_are_joined_by_a_release_that_belongs_to_both_and_parted_with_it(archive, save, release):
    one, other, both = halves()
    save(*(release("skills", office, body=one) for office in (0, 1)))
    save(*(release("bridges", office, body=other) for office in (2, 3)))
    archive.find_copies()
    apart = clusters(archive)
    assert sorted(map(len, apart.values())) == [2, 2]
    save(release("library", 3, day=20, body=both))
    archive.find_copies()
    assert list(map(len, clusters(archive).values())) == [5]
    save(release("library", 3, day=20, hours=1))
    archive.find_copies()
    assert clusters(archive) == apart


def test_a_release_that_is_gone_stays_a_copy(archive, save, release):
    save(release("skills", 0), release("skills", 1, day=16))
    archive.find_copies()
    with archive.writing() as connection:
        missed(connection, OFFICES[0], ["id:skills-15"], NOW)
        assert missed(connection, OFFICES[0], ["id:skills-15"], NOW + SURELY)
    assert archive.find_copies() == 0
    assert copy_of(archive, "mcls-gilan/skills-16") == "mcls-yazd/skills-15"


SHORT = "condolence", "blood", "library", "road"


def test_boilerplate_that_offices_share_makes_no_copies(archive, save, release):
    save(*(release(SHORT[number], 0, number=f"{number}", opening=OPENING, closing=CLOSING) for number in range(3)))
    save(release(SHORT[3], 1, opening=OPENING, closing=CLOSING))
    archive.find_copies()
    assert clusters(archive) == {}


def test_copies_that_boilerplate_made_are_none_once_it_is_known_for_what_it_is(archive, save, release):
    """Whose first releases came before there was anything to learn from."""
    save(release("blood", 0, opening=OPENING, closing=CLOSING), release("library", 1, opening=OPENING, closing=CLOSING))
    assert archive.find_copies() == 1
    save(release("condolence", 0, opening=OPENING, closing=CLOSING))
    assert archive.find_copies() > 0
    save(release("library", 0, opening=OPENING, closing=CLOSING, day=20))
    archive.find_copies()
    assert members(archive) == {"mcls-gilan/library-15": {"mcls-gilan/library-15", "mcls-yazd/library-20"}}


def test_boilerplate_of_different_offices_does_not_hide_a_short_copy(archive, save, release):
    signed = {0: CLOSING, 1: LOCAL}
    save(*(release(name, office, closing=signed[office]) for office in signed for name in SHORT[office : office + 3]))
    archive.find_copies()
    assert sorted(map(sorted, members(archive).values())) == [
        ["mcls-gilan/blood-15", "mcls-yazd/blood-15"],
        ["mcls-gilan/library-15", "mcls-yazd/library-15"],
    ]


def test_boilerplate_that_leaves_the_releases_of_an_office_is_forgotten(archive, save, release):
    save(*(release(name, 0, closing=LOCAL) for name in SHORT[:3]))
    archive.find_copies()
    assert learned(archive)
    save(release("blood", 0, hours=1))
    archive.find_copies()
    assert not learned(archive)


def learned(archive):
    with archive.reading() as connection:
        return set(connection.scalars(sa.select(tables.boilerplate.c.passage)))


def test_the_same_release_put_out_again_and_again_is_not_taken_for_boilerplate(archive, save, release):
    save(*(release("blood", 0, day=day) for day in (15, 16, 17, 18)), release("blood", 1, day=19))
    archive.find_copies()
    assert not learned(archive)
    assert members(archive)["mcls-yazd/blood-15"] >= {"mcls-gilan/blood-19"}


def test_the_copies_of_a_release_come_in_the_order_of_publication(archive, save, release):
    save(release("skills", 0, day=17), release("skills", 1, day=15), release("skills", 2, day=16, closing=LOCAL))
    archive.find_copies()
    found = archive.copies_of("mcls-yazd/skills-17")
    assert [copy.article.id for copy in found] == [
        "mcls-gilan/skills-15",
        "mcls-hormozgan/skills-16",
        "mcls-yazd/skills-17",
    ]
    assert [copy.similarity for copy in found] == [1, pytest.approx(0.85, abs=0.1), 1]
    assert found == archive.copies_of("mcls-gilan/skills-15")


def test_the_earliest_copies_are_told_of_all_that_are_counted(archive, save, release, monkeypatch):
    save(*(release("skills", office, day=11 + office) for office in (3, 0, 1, 2)))
    archive.find_copies()
    every = archive.copies_of("mcls-fars/skills-14")
    with archive.reading() as connection:
        whole, some = (copies.earliest(connection, "mcls-fars/skills-14", limit) for limit in (9, 2))
        monkeypatch.setattr(copies, "PLACED", 1)
        kept_first = copies.earliest(connection, "mcls-gilan/skills-12", 2)
        nothing = copies.earliest(connection, "mcls-yazd/0", 9)
    assert whole == Cluster(total=4, copies=every)
    assert some == Cluster(total=4, copies=[*every[:2], every[3]])
    assert kept_first == Cluster(total=4, copies=[every[0], every[1], every[3]])
    assert nothing == Cluster(total=0, copies=[])


def test_a_release_without_copies_has_none_and_one_that_is_not_there_is_said_not_to_be(archive, save, release):
    save(release("skills"))
    archive.find_copies()
    assert archive.copies_of("mcls-yazd/skills-15") == []
    with pytest.raises(NoSuchArticle):
        archive.copies_of("mcls-yazd/0")


# ---- whatever happens on the way ----


def world(release):
    """Releases of four offices: copies edited and not, boilerplate, chains, forms, and a text that is put out again."""
    one, other, both = halves()
    return [
        release("skills", 0, day=18),
        release("skills", 1, day=15, closing=LOCAL),
        release("skills", 2, day=18, opening=OPENING, closing=CLOSING),
        release("bridges", 2, body=other),
        release("bridges", 3, day=14, body=other),
        release("vaccination", 3, day=21, body=both),
        release("tender", 0),
        release("tender_of_another", 1),
        release("tender", 2, day=16),
        *(release(name, 2, opening=OPENING, closing=CLOSING) for name in SHORT[1:]),
        *(release(name, 3, day=20, opening=OPENING, closing=CLOSING) for name in SHORT[::2]),
        release("library", 0, number="a", body=one),
        release("blood", 1),
        release("blood", 1, day=16),
    ]


@pytest.fixture(scope="session")
def expected(release, sqlite_template, keep, tmp_path_factory):
    """The clusters of `world`, all of it taken in at once."""
    directory = tmp_path_factory.mktemp("copies")
    shutil.copy(sqlite_template, directory / "monadi.db")
    with Archive(sqlite_url(directory / "monadi.db"), directory / "search") as archive:
        keep(archive, *world(release))
        archive.find_copies()
        found = clusters(archive)
    assert sorted(map(len, found.values())) == [2, 2, 3, 7]
    return found


def follow(archive, limit):
    while True:
        with archive.writing() as connection:
            copies.catch_up(connection, NOW, limit)
            if not copies.is_behind(connection):
                return


def assert_kept(archive):
    """What candidates are found by is what follows from the fingerprints that are kept, one of each article."""
    with archive.reading() as connection:
        prints = connection.execute(sa.select(tables.fingerprints)).all()
        signed = {pk: likeness.signature(likeness.Packed(*kept)) for pk, *kept in prints}
        assert signed.keys() == set(connection.scalars(sa.select(tables.articles.c.pk)))
        assert set(connection.execute(sa.select(tables.bands.c.article, tables.bands.c.band))) == {
            (pk, band) for pk, signature in signed.items() for band in likeness.bands(signature)
        }
        sources = sa.select(tables.articles.c.pk, tables.articles.c.source)
        assert set(connection.execute(sa.select(tables.sketches))) == {
            (pk, source, likeness.sketch(signed[pk])) for pk, source in connection.execute(sources)
        }


def emptied(archive):
    with archive.writing() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            if table.name not in ("sources", "crawls"):
                connection.execute(sa.delete(table))


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 999), limit=st.integers(3, 20), saves=st.integers(1, 4))
def test_order_and_batches_make_no_difference(archive, keep, release, expected, assert_whole, seed, limit, saves):
    emptied(archive)
    readings = world(release)
    Random(seed).shuffle(readings)
    size = -(-len(readings) // saves)
    for start in range(0, len(readings), size):
        keep(archive, *readings[start : start + size])
        follow(archive, limit)
    assert clusters(archive) == expected
    assert_kept(archive)
    assert_whole(archive)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 999), limit=st.integers(3, 20))
def test_what_a_revision_undoes_is_as_if_it_had_never_been(archive, keep, release, expected, seed, limit):
    """Every release says something else at first, or is said to be older."""
    emptied(archive)
    chance, readings = Random(seed), world(release)
    before = [
        release(
            chance.choice(list(RELEASES)[3:]),
            day=day,  # no two are the same release of a day
            closing=chance.choice(("", LOCAL, CLOSING)),
            source=reading.source,
            url=reading.url,
            native_id=reading.native_id,
        )
        for day, reading in enumerate(chance.sample(readings, len(readings)), 1)
    ]
    keep(archive, *before)
    follow(archive, limit)
    after = [replace(reading, fetched_at=reading.fetched_at + timedelta(hours=1)) for reading in readings]
    chance.shuffle(after)
    for some in (after[:4], after[4:]):
        keep(archive, *some)
        follow(archive, limit)
    assert clusters(archive) == expected
    assert_kept(archive)


def test_made_anew_it_is_as_it_was_and_nothing_is_told_again(archive, keep, release, expected):
    keep(archive, *world(release))
    archive.find_copies()
    log = archive.changes()
    assert archive.find_copies(anew=True) == 0
    assert archive.changes() == log
    with archive.writing() as connection:
        copies.forget(connection)
    follow(archive, 4)  # told meanwhile of some that they are copies of others, which is put right
    assert clusters(archive) == expected


def test_what_another_version_made_is_made_anew(archive, keep, release, expected):
    keep(archive, *world(release))
    archive.find_copies()
    with archive.writing() as connection:
        connection.execute(sa.update(tables.followers).values(version="0"))
        connection.execute(sa.delete(tables.bands))
        connection.execute(sa.update(tables.fingerprints).values(numbers="1 2 3"))
        assert copies.is_behind(connection)
    archive.find_copies()
    assert clusters(archive) == expected
    with archive.reading() as connection:
        assert connection.scalar(sa.select(tables.followers.c.version)) == likeness.version()


def as_of_0006(archive):
    """Make the tables of an archive that has found its copies what they were before 0007, with the indexes of then."""
    with archive.database._migrating() as connection:
        operations = Operations(MigrationContext.configure(connection))
        operations.create_index("ix_changes_article", "changes", ["article"])
        with operations.batch_alter_table("articles") as altered:
            altered.create_unique_constraint("uq_articles_guid", ["guid"])
        operations.drop_index("ix_crawls_succeeded", "crawls")
        if connection.dialect.name == "sqlite":
            operations.drop_index("ix_aliases_article_url", "aliases")
            operations.create_index("ix_aliases_article", "aliases", ["article"])
        for table in (tables.alarm_events, tables.alarms, tables.notices, tables.orders):
            table.drop(connection)
        tables.images.drop(connection)
        tables.tallies.drop(connection)
        tables.timings.drop(connection)
        tables.announced_tags.drop(connection)
        tables.sketches.drop(connection)
        tables.bands.drop(connection)
        sa.Table("bands", sa.MetaData(), sa.Column("band", sa.Integer), sa.Column("hash", sa.BigInteger)).create(
            connection
        )
        connection.execute(sa.update(tables.followers).values(version="1-a35ea736"))
        config = migrations.config()
        config.attributes["connection"] = connection
        command.stamp(config, "0006")


def test_an_older_archive_finds_its_copies_anew_and_tells_of_nothing(archive, keep, release, expected):
    keep(archive, *world(release))
    archive.find_copies()
    log = archive.changes()
    as_of_0006(archive)
    archive.upgrade()
    assert archive.find_copies() == 0
    assert clusters(archive) == expected
    assert archive.changes() == log
    assert_kept(archive)


def catch_up_and_die(archive, place):
    def die(_connection, _cursor, statement, *_):
        if statement.startswith((f"INSERT INTO {place} ", f"COPY {place} ")):
            raise ConnectionAbortedError

    with archive.writing() as connection:
        sa.event.listen(connection, "before_cursor_execute", die)
        copies.catch_up(connection, NOW, 10)


@pytest.mark.parametrize("place", ["bands", "sketches", "copies", "changes", "followers"])
def test_a_death_in_the_middle_of_a_batch_leaves_nothing_half_done(
    archive, keep, release, expected, assert_whole, place
):
    """The connection breaks at the first row written to a table in the second batch."""
    keep(archive, *world(release))
    with archive.writing() as connection:
        copies.catch_up(connection, NOW, 10)
    before = clusters(archive), archive.changes()
    with pytest.raises(ConnectionAbortedError):
        catch_up_and_die(archive, place)
    assert (clusters(archive), archive.changes()) == before
    archive.find_copies()
    assert clusters(archive) == expected
    assert_whole(archive)


def test_both_engines_say_the_same(both, keep, release, expected):
    for archive in both:
        keep(archive, *world(release))
        follow(archive, 5)
        assert clusters(archive) == expected
    one, other = both
    assert copied(one) == copied(other)


def test_own_rows_do_not_make_it_run_for_ever(archive, keep, release):
    keep(archive, *world(release))
    with archive.writing() as connection:
        assert copies.catch_up(connection, NOW) > 0
        assert not copies.is_behind(connection)
        assert copies.catch_up(connection, NOW) == 0
        assert changes.newest(connection) == len(world(release)) + len(copied_rows(connection))


def copied_rows(connection):
    return connection.execute(sa.select(tables.changes.c.seq).where(tables.changes.c.kind == "copied")).all()
