"""Italian as it is spoken: money, units, abbreviations and Aloud's own words are a folder of data."""

from __future__ import annotations

import pytest

from tests.tables import for_each
from voice.tts.text.normalizer import Spoken
from voice.tts.text.sentence_splitter import Sentences


def said(text: str) -> str:
    spoken = Spoken("it")
    return " ".join(piece.said for piece in [*spoken.push(text), *spoken.flush()] if piece.said)


@for_each(
    ("screen", "expected"),
    [
        ("Costa 5 €.", "Costa 5 euro."),
        ("Costa € 3,50.", "Costa 3 euro e 50 centesimi."),
        ("Un caffè a 1,01 €", "Un caffè a un euro e un centesimo"),
        ("Solo 0,80 €", "Solo 80 centesimi"),
        ("La casa costa 1,2 mln €", "La casa costa 1,2 milioni di euro"),
        ("Il biglietto costa 12.500 USD", "Il biglietto costa 12.500 dollari"),
        ("10-20 €", "10 a 20 euro"),
        ("Da $5 a £1", "Da 5 dollari a una sterlina"),
        ("sono -3 €", "sono -3 euro"),
        ("50 CHF all'ora", "50 franchi svizzeri all'ora"),
    ],
)
def test_money(screen: str, expected: str) -> None:
    assert said(screen) == expected


@for_each(
    ("screen", "expected"),
    [
        ("Mancano 5 km.", "Mancano 5 chilometri."),
        ("a 130 km/h", "a 130 chilometri all'ora"),
        ("1,5 l d'acqua", "1,5 litri d'acqua"),
        ("Servono 200 g di farina", "Servono 200 grammi di farina"),
        ("un giardino di 300 m²", "un giardino di 300 metri quadrati"),
        ("Fuori ci sono 21 °C", "Fuori ci sono 21 gradi"),
        ("il 5% degli italiani", "il 5 per cento degli italiani"),
        ("dura 3 h e 20 min", "dura 3 ore e 20 minuti"),
        ("16 GB di memoria", "16 gigabyte di memoria"),
        ("1 kg di pane", "un chilo di pane"),
        ("½ litro", "un mezzo litro"),
        ("1½ litri", "1 e mezzo litri"),
        ("manca 1 h", "manca un'ora"),
        ("a 1 km/h", "a un chilometro all'ora"),
        ("da 3-4 persone", "da 3 a 4 persone"),
        ("aperto 9:00–13:00", "aperto dalle 9:00 alle 13:00"),
        ("aperto dalle 9:00–13:00", "aperto dalle 9:00 alle 13:00"),
    ],
)
def test_units(screen: str, expected: str) -> None:
    assert said(screen) == expected


@for_each(
    ("screen", "expected"),
    [
        ("Il Sig. Rossi e la Sig.ra Bianchi", "Il Signor Rossi e la signora Bianchi"),
        ("pane, latte, ecc.", "pane, latte, eccetera"),
        ("Frutta, ad es. mele.", "Frutta, ad esempio mele."),
        ("Vedi pag. 12 e fig. 3.", "Vedi pagina 12 e figura 3."),
        ("Il Dott. Verdi", "Il Dottor Verdi"),
        ("Domande & risposte", "Domande e risposte"),
        ("anna_r@example.it", "anna trattino basso r chiocciola example punto it"),
        ("Guarda https://www.example.it/a!", "Guarda un link a example.it!"),
        ("```py\nx\ny\n```\n", "Codice, 2 righe, Python, sullo schermo."),
        ("- [x] pane\n- [ ] latte\n", "fatto: pane. da fare: latte."),
        ("A → B", "A B"),
    ],
)
def test_abbreviations_and_own_words(screen: str, expected: str) -> None:
    assert said(screen) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Ieri ho parlato a lungo con la sig. Rossi. ",
        "Il dott. Verdi non è ancora arrivato. ",
        "Compriamo pane, latte, ecc. prima di tornare. ",
        "Lo trovi spiegato bene a pag. 12 del libro. ",
        "L'avv. Neri ha scritto una lunga lettera. ",
    ],
)
def test_a_full_stop_that_ends_no_sentence(sentence: str) -> None:
    sentences = Sentences()
    sentences.push("Questa è soltanto la prima frase. ")
    assert sentences.push(f"{sentence}Poi basta.") == [sentence]
