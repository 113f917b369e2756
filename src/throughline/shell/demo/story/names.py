"""First and family names, combined by counting so that nobody is a real person and nobody is called twice."""

from __future__ import annotations

import unicodedata

FIRST = (
    "Adaeze", "Aino", "Ajay", "Alba", "Amadou", "Anouk", "Aoife", "Asger", "Ayse", "Baraka", "Bilal", "Brigitta",
    "Carlo", "Charlotte", "Chidi", "Dagny", "Dalia", "Daan", "Eero", "Eilidh", "Esther", "Fatou", "Femke", "Filipa",
    "Gideon", "Gunnar", "Halima", "Hana", "Hugo", "Ibrahim", "Ilse", "Imke", "Jaya", "Jelle", "Joaquim", "Kaisa",
    "Karim", "Katrin", "Kofi", "Lars", "Latifa", "Linnea", "Lotte", "Maarten", "Malik", "Maren", "Mateus", "Meera",
    "Milan", "Naledi", "Nikhil", "Nils", "Nuno", "Odile", "Olu", "Pilar", "Quentin", "Rachida", "Roel", "Rohan",
    "Runa", "Samira", "Signe", "Sofie", "Sunil", "Tiago", "Tuva", "Uma", "Vera", "Wangari", "Wim", "Yara",
)  # fmt: skip
FAMILY = (
    "Abernathy", "Achieng", "Alderink", "Amaral", "Bakkevold", "Balogun", "Barros", "Bergsma", "Bhatnagar", "Boxtel",
    "Cardoso", "Chandekar", "Claessens", "Cordeiro", "Dahlgren", "Deshmukh", "Diop", "Dovrefjell", "Eklund", "Ellery",
    "Farinha", "Fjeldsted", "Gathoni", "Geerlings", "Gupte", "Haavisto", "Heikkala", "Hoogveld", "Idris", "Iversholt",
    "Jansma", "Joshi", "Kamaravi", "Karanja", "Kettunen", "Kimani", "Kuipers", "Laitinen", "Leirvik", "Lourenco",
    "Macallan", "Maheswari", "Maina", "Meertens", "Mistry", "Mwangi", "Nakashima", "Ndiaye", "Niinisto", "Nordahl",
    "Ogunleye", "Okello", "Oosterman", "Pachpute", "Pereira", "Pinho", "Quist", "Raman", "Ravensberg", "Riekstra",
    "Salminen", "Sarkar", "Seixas", "Sundqvist", "Teixeira", "Thorvald", "Uduak", "Vaananen", "Verhulst", "Wambui",
    "Westerhof", "Zwart",
)  # fmt: skip


def name_number(number: int) -> str:
    """The name of the n-th invented person; different for different numbers below 72 times 72."""
    first = number % len(FIRST)
    family = (number * 31 + number // len(FIRST) * 7 + 5) % len(FAMILY)
    return f"{FIRST[first]} {FAMILY[family]}"


def email_of(name: str, domain: str) -> str:
    """<first>.<last>@<domain> in plain letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{plain.replace(' ', '.')}@{domain}"
