"""The tables of a catalog."""

from __future__ import annotations

from ingest.index import stories

SCHEMA = f"""{stories.SCHEMA}
CREATE TABLE embedder(name TEXT, dimension INTEGER, hash TEXT, precision TEXT);
CREATE TABLE articles(
  article_id TEXT PRIMARY KEY, title TEXT NOT NULL, outlet TEXT, author TEXT, place TEXT,
  published_at TEXT, first_day INTEGER, last_day INTEGER, precision TEXT NOT NULL,
  basis TEXT NOT NULL, url TEXT, section TEXT, language TEXT, text TEXT NOT NULL,
  origin TEXT NOT NULL, fingerprint TEXT NOT NULL, story_id TEXT NOT NULL,
  text_id INTEGER, passages INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX articles_by_story ON articles(story_id);
CREATE INDEX articles_by_text ON articles(text_id);
CREATE INDEX articles_by_origin ON articles(origin);
CREATE TABLE passages(
  passage_id TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles(article_id),
  start INTEGER NOT NULL, end INTEGER NOT NULL, header TEXT NOT NULL,
  vector_id TEXT NOT NULL, vector BLOB NOT NULL,
  sentences BLOB NOT NULL, sizes BLOB NOT NULL, sentence_vectors BLOB NOT NULL,
  terms BLOB NOT NULL, digest BLOB NOT NULL);
CREATE INDEX passages_by_article ON passages(article_id);
CREATE INDEX passages_by_vector ON passages(vector_id);
CREATE TABLE revisions(
  article_id TEXT NOT NULL, replaced_at TEXT NOT NULL, earlier_published_at TEXT,
  published_at TEXT, PRIMARY KEY (article_id, replaced_at)) WITHOUT ROWID;
CREATE TABLE files(origin TEXT PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE shards(shard INTEGER PRIMARY KEY, added INTEGER NOT NULL);
CREATE TABLE vectors(
  vector_id TEXT PRIMARY KEY, shard INTEGER NOT NULL REFERENCES shards(shard)) WITHOUT ROWID;
CREATE INDEX vectors_by_shard ON vectors(shard);
"""
