"""A library's help centre in three languages beside English, and what its readers ask."""

ARTICLES: dict[str, dict[str, tuple[str, str]]] = {
    "de": {
        "ausweis": ("Einen Ausweis beantragen", "Einen Ausweis beantragen Sie am Schalter mit einem Lichtbild. Er kostet 12 Euro im Jahr und gilt sofort."),
        "verlaengern": ("Ausleihen verlängern", "Öffnen Sie Mein Konto und wählen Sie Verlängern. Jedes Buch lässt sich zweimal um 14 Tage verlängern."),
        "gebuehren": ("Mahngebühren", "Für jeden Tag nach der Frist berechnen wir 30 Cent je Buch, höchstens 9 Euro."),
        "drucken": ("Drucken und Kopieren", "Eine Seite in Schwarzweiß kostet 10 Cent, in Farbe 40 Cent. Bezahlt wird mit dem Ausweis."),
        "raum": ("Einen Lernraum buchen", "Lernräume buchen Sie bis zu 7 Tage im Voraus unter Räume. Eine Buchung dauert höchstens 3 Stunden."),
        "verloren": ("Ein Buch ist verloren", "Melden Sie den Verlust am Schalter. Sie zahlen den Neupreis und 5 Euro für die Bearbeitung."),
    },
    "fr": {
        "carte": ("Demander une carte", "Demandez votre carte au guichet avec une photo. Elle coûte 12 euros par an et sert aussitôt."),
        "prolonger": ("Prolonger un prêt", "Ouvrez Mon compte et choisissez Prolonger. Chaque livre se prolonge deux fois de 14 jours."),
        "amendes": ("Frais de retard", "Chaque jour de retard coûte 30 centimes par livre, 9 euros au plus."),
        "imprimer": ("Imprimer et copier", "Une page en noir et blanc coûte 10 centimes, en couleur 40 centimes. On paie avec la carte."),
        "salle": ("Réserver une salle de travail", "Réservez une salle jusqu'à 7 jours à l'avance sous Salles. Une réservation dure 3 heures au plus."),
        "perdu": ("Un livre est perdu", "Signalez la perte au guichet. Vous payez le prix du livre et 5 euros de frais."),
    },
    "es": {
        "carnet": ("Solicitar un carné", "Solicite el carné en el mostrador con una foto. Cuesta 12 euros al año y vale desde el primer día."),
        "renovar": ("Renovar un préstamo", "Abra Mi cuenta y elija Renovar. Cada libro se renueva dos veces por 14 días."),
        "multas": ("Recargos por retraso", "Cada día de retraso cuesta 30 céntimos por libro, como máximo 9 euros."),
        "imprimir": ("Imprimir y copiar", "Una página en blanco y negro cuesta 10 céntimos, en color 40 céntimos. Se paga con el carné."),
        "sala": ("Reservar una sala de estudio", "Reserve una sala con hasta 7 días de antelación en Salas. Una reserva dura 3 horas como máximo."),
        "perdido": ("Un libro se ha perdido", "Avise de la pérdida en el mostrador. Paga el precio del libro y 5 euros de gastos."),
    },
}  # fmt: skip
"""By language and doc_id: title and text."""

ASKED: list[tuple[str, str, str, str]] = [
    ("de", "Wie bekomme ich einen Bibliotheksausweis?", "ausweis", "12 Euro"),
    ("de", "Wie oft kann ich ein ausgeliehenes Buch verlängern?", "verlaengern", "14 Tage"),
    ("de", "Was kostet es, wenn ich ein Buch zu spät zurückgebe?", "gebuehren", "30 Cent"),
    ("de", "Was kostet ein Farbausdruck?", "drucken", "40 Cent"),
    ("de", "Kann ich einen Raum zum Lernen reservieren?", "raum", "7 Tage"),
    ("de", "Ich habe ein Buch verloren, was nun?", "verloren", "Neupreis"),
    ("fr", "Comment obtenir une carte de bibliothèque ?", "carte", "12 euros"),
    ("fr", "Combien de fois puis-je prolonger mon emprunt ?", "prolonger", "14 jours"),
    ("fr", "Combien coûte un retard ?", "amendes", "30 centimes"),
    ("fr", "Quel est le prix d'une impression en couleur ?", "imprimer", "40 centimes"),
    ("fr", "Puis-je réserver une salle pour étudier ?", "salle", "7 jours"),
    ("fr", "J'ai perdu un livre, que faire ?", "perdu", "5 euros"),
    ("es", "¿Cómo consigo el carné de la biblioteca?", "carnet", "12 euros"),
    ("es", "¿Cuántas veces puedo renovar un libro prestado?", "renovar", "14 días"),
    ("es", "¿Cuánto cuesta devolver tarde un libro?", "multas", "30 céntimos"),
    ("es", "¿Cuánto vale imprimir una hoja en color?", "imprimir", "40 céntimos"),
    ("es", "¿Puedo reservar una sala para estudiar?", "sala", "7 días"),
    ("es", "He perdido un libro, ¿qué hago?", "perdido", "5 euros"),
]
"""Language, question, the article and a fact of the right reply."""

NOT_COVERED: list[tuple[str, str]] = [
    ("de", "Haben Sie am Sonntag geöffnet?"),
    ("de", "Kann ich in der Bibliothek heiraten?"),
    ("de", "Wo finde ich die Toiletten?"),
    ("de", "Verleihen Sie auch Musikinstrumente?"),
    ("fr", "Êtes-vous ouverts le dimanche ?"),
    ("fr", "Y a-t-il un parking pour les vélos ?"),
    ("fr", "Organisez-vous des lectures pour les enfants ?"),
    ("fr", "Puis-je faire un don de vieux livres ?"),
    ("es", "¿Abren los domingos?"),
    ("es", "¿Hay una cafetería en el edificio?"),
    ("es", "¿Prestan ordenadores portátiles?"),
    ("es", "¿Puedo trabajar de voluntario?"),
]
"""Questions that no article answers."""
