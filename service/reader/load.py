"""Settings to the bundled reader's parts."""

from __future__ import annotations

from ingest.embed.cpu import this_cpu
from ingest.embed.precision import choose_precision
from ingest.settings import IndexSettings
from service.reader.minilm_reader import Loaded
from service.reader.weights import Adapter, reading_graphs


def load_reader(settings: IndexSettings, adapter: Adapter | None = None) -> Loaded:
    """Return the word pieces and the engine of the reader.

    Raises:
        SettingsError: A file is missing or not the expected one.
        EmbeddingFailed: The engine cannot be made.
    """
    from ingest.embed.engines import make_engine
    from ingest.embed.weights import find_model
    from ingest.embed.wordpieces import WordPieces
    from service.reader.word_vectors import WordVectors

    model = find_model(settings.model_dir)
    graphs = reading_graphs(model, adapter or Adapter())
    precision = choose_precision(settings.precision, None, this_cpu())
    engine = make_engine(graphs, precision, settings.cache_dir)
    return Loaded(WordPieces(model.tokenizer), WordVectors(model), engine)
