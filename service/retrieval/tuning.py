"""What each part of retrieval counts, and which parts take part."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """How passages are scored and chosen.

    The weights are of the order of a cosine. Fitted on the 690 answerable development questions of
    MultiHop-RAG: a softmax over the candidates of each question, weights not negative, rounded;
    with the questions about each fold's articles left out of training, no figure fell by more than
    .01. `day`, `recency`, `full` and `other_spelling` were set by hand afterwards: on those
    questions they change little. A part is switched off by its flag or by a weight of 0.

    Attributes:
        lexical: Search by words.
        dense: Search by vectors.
        shares: Compare a passage of a named outlet with that outlet's passages, so that each outlet
            named gets its share.
        joined: Let a passage grow by its neighbours' sentences.
        coverage: Weight of the question's words, by rarity, that the passage's best sentence has.
        part: Weight of how far a passage is from the best one for some part.
        part_share: The same, among the passages of the outlet that the part speaks of.
        whole: Weight of how far a passage is from the best one for the whole question.
        whole_share: The same, among the passages of its outlet, or of its article when the question
            names other outlets.
        outlet: What being of an outlet named counts.
        day: What a day named counts, as the day of publication.
        other_spelling: What a word counts that is there as a name in another spelling, 0 to 1.
        recency: What being the latest counts, or the first, when that is asked for.
        same_article: What each passage already chosen of a story takes from its others.
        full: What they lose once half the list is of the story.
        neighbour: What a chosen passage takes from the one before it and the one after.
    """

    lexical: bool = True
    dense: bool = True
    shares: bool = True
    joined: bool = True
    coverage: float = 1.0
    part: float = 0.43
    part_share: float = 1.25
    whole: float = 0.13
    whole_share: float = 0.36
    outlet: float = 0.42
    day: float = 0.3
    other_spelling: float = 0.5
    recency: float = 0.1
    same_article: float = 0.036
    neighbour: float = 0.055
    full: float = 0.5
