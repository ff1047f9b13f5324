"""Spanish."""

from assistant.inbound.words.asks_es import ASKS
from assistant.inbound.words.model import Words

WORDS = Words(
    code="es",
    labels={
        "done": "ayer|hecho|terminado|completado|realizado|logros|la semana pasada|semana pasada|esta semana|avances|"
        "logrado|desde ayer|finalizado|lo hecho",
        "next": "hoy|plan|planes|próximo|próximos pasos|la próxima semana|próxima semana|mañana|por hacer|pendiente|"
        "siguiente|en curso|para hoy|plan para hoy|planificado|prioridades",
        "blockers": "bloqueos|bloqueo|bloqueado|impedimentos|impedimento|obstáculos|obstáculo|problemas|problema|"
        "bloqueantes|dificultades|riesgos|bloqueadores|trabas|bloqueador",
        "decisions": "decisiones|decisión|decidido|acuerdos",
        "actions": "acciones|tareas|tarea|pendientes",
        "takeaways": "conclusiones|notas|resumen|puntos clave",
        "topics": "temas|orden del día|puntos|tema|agenda",
        "mood": "ánimo|energía|humor",
        "goals": "objetivos|metas",
        "learned": "aprendido|aprendizajes",
        "comment": "comentario|comentarios|otros|otro|nota|ps|p d|pd",
    },
    negatives="ninguno|ninguna|ningún|nada|no|sin|nope|cero|nadie|n/a",
    obstacles="bloqueo|bloqueos|bloqueado|bloqueada|impedimento|impedimentos|obstáculo|obstáculos|problema|problemas|"
    "inconveniente|inconvenientes|dificultades|bloqueante|bloqueantes|trabas|riesgos|bloqueadores|novedad|novedades",
    fillers="por lo demás|por|el|momento|ahora|de|mi|parte|hoy|gracias|hasta|lo|pronto|que|reportar|destacar|"
    "actualmente|para|mí|"
    "hay|tengo|estoy|a|la|en|esta|semana|nuevo|nuevos|especial|todavía|aún|afortunadamente|decir|me|bloquee|bloquea|"
    "camino|ningún|más|del",
    nothing="todo bien|todo en orden|todo ok|todo claro|sin novedad|sin novedades|todo perfecto|todo va bien|"
    "todo tranquilo|vía libre|todo correcto",
    settled="resuelto|solucionado|ya no|arreglado|ya está resuelto",
    troubles="pero|solo|sólo|salvo|excepto|aunque|sin embargo|necesito|necesitamos|espero|esperando|falta|faltan|"
    "bloqueado|bloqueada|lento|caído|retraso|no|problema|ayuda|urgente|quizás|tal vez|sin",
    same="igual que ayer|lo mismo que ayer|lo mismo|igual|como ayer|sin cambios|ídem|idem|igual que la última vez|"
    "igual que la semana pasada|lo mismo de ayer|igual que antes|como la última vez|mismo que ayer|"
    "igual que el viernes|lo de ayer|sigue igual",
    yes="creo que sí|claro que sí|"
    "sí|si|claro|por supuesto|vale|de acuerdo|desde luego|exacto|correcto|sí por favor|perfecto|ok|claro que sí|"
    "sip|efectivamente|sí claro",
    no="creo que no|no creo|claro que no|"
    "no|todavía no|aún no|para nada|no gracias|nunca|no mucho|en absoluto|no realmente|claro que no|no del todo|"
    "lamentablemente no",
    greetings="hola|buenos días|buenas|buenas tardes|buenas noches|estimado|estimada|querido|querida|buen día|saludos|"
    "muy buenas|hola qué tal|estimados|qué tal",
    closings="gracias|muchas gracias|saludos|un saludo|saludos cordiales|un abrazo|abrazos|cordialmente|atentamente|"
    "hasta luego|hasta mañana|nos vemos|buen día|que tengas un buen día|buen fin de semana|mil gracias|atte|"
    "gracias de antemano|gracias y saludos|hasta pronto|un cordial saludo|besos|feliz día|eso es todo|slds",
    everybody="a todos|todos|equipo|a todas|todas|a|chicos|gente|y",
    intros="aquí mis respuestas|mis respuestas|ver abajo|respuestas abajo|aquí van mis respuestas|mi actualización|"
    "estas son mis respuestas|van mis respuestas|aquí está mi actualización|perdón por el retraso|"
    "espero que estés bien|espero que todo vaya bien|qué tal",
    minutes="minutos|minuto|min|mins|m",
    hours="horas|hora|h",
    half_hour="media hora",
    numbers=(
        "cero",
        "uno|un|una",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
    ),
    weekdays=("lunes|lun", "martes", "miércoles|mié|mier", "jueves|jue", "viernes|vie", "sábado|sáb", "domingo|dom"),
    months=(
        "enero|ene",
        "febrero|feb",
        "marzo",
        "abril|abr",
        "mayo",
        "junio|jun",
        "julio|jul",
        "agosto|ago",
        "septiembre|setiembre|sept|sep",
        "octubre|oct",
        "noviembre|nov",
        "diciembre|dic",
    ),
    days={
        -1: "ayer",
        0: "hoy|esta mañana|esta tarde|esta noche",
        1: "mañana",
        2: "pasado mañana",
        14: "en quince días|dentro de quince días",
    },
    parts={
        "morning": "por la mañana|de la mañana|en la mañana|temprano",
        "noon": "mediodía|al mediodía|a mediodía|comida|la comida|almuerzo|el almuerzo",
        "afternoon": "tarde|por la tarde|de la tarde|en la tarde|esta tarde",
        "evening": "noche|por la noche|de la noche|en la noche|esta noche",
        "day-end": "fin del día|final del día|a última hora|última hora",
    },
    units={
        "day": "día|días",
        "week": "semana|semanas",
        "month": "mes|meses",
        "weekend": "fin de semana|finde",
        "workday": "días hábiles|días laborables",
    },
    modifiers={
        "next": "próximo|próxima|siguiente|que viene|entrante",
        "this": "este|esta|estos",
        "early": "a principios de|principios de|a comienzos de",
        "mid": "a mediados de|mediados de",
        "end": "fin de|fin del|finales de|final de|final del|fines de|a finales de|a fin de",
        "in": "en|dentro de",
        "ago": "hace",
        "week-end": "fin de la semana|final de la semana|final de semana",
        "month-end": "fin de mes|fin del mes|final de mes|final del mes|finales de mes|a fin de mes",
        "later": "después",
    },
    relations={
        "by": "para el|para|a más tardar|a más tardar el|antes del|como muy tarde|vence|fecha límite",
        "until": "hasta el|hasta|hasta la",
        "through": "hasta e incluyendo",
        "before": "antes de|antes de las",
        "after": "después de|después de las|a partir de|a partir de las",
        "from": "del|desde|de|desde el|a partir del",
        "to": "al|a",
        "or": "o|u|si no",
        "between": "entre",
        "and": "y",
        "at": "a las|a la|sobre las|hacia las",
    },
    clock={
        "hour": "h|horas|hs|hrs",
        "am": "am|a.m",
        "pm": "pm|p.m",
        "half": "",
        "zone": "hora de|hora",
        "and-30": "y media",
        "and-15": "y cuarto",
        "less-15": "menos cuarto",
        "onwards": "o más tarde|en adelante|o después",
    },
    noise="idealmente|preferiblemente|el|la|las|los|a|al|de|del|en|por|sobre|hacia|un|lo",
    denials="no|imposible|tampoco",
    instead="excepto|salvo|menos|en vez de|en vez del|en lugar de|en lugar del",
    contrasts="pero|sino|mejor|en cambio|sin embargo",
    moves="mover|pasar|cambiar|aplazar|posponer|mueve|movemos|reprogramar|pasamos|trasladar",
    commands={
        "help": "ayuda|ayúdame|comandos|cómo funciona",
        "skip": "saltar|omitir|hoy no|paso|pasar|saltar hoy|esta vez no|omitir hoy|esta semana no",
        "stop": "parar|detener|cancelar suscripción|darse de baja|baja|dar de baja|darme de baja|para|alto|pausar|"
        "detén",
        "resume": "reanudar|continuar|reiniciar|volver a empezar|empezar|de vuelta|estoy de vuelta|ya estoy de vuelta",
        "done": "hecho|terminado|completado|hecha|terminada|listo|completada|terminé|he terminado|acabado|acabada|"
        "lista",
        "why": "por qué|por qué recibo esto|por qué yo|por qué he recibido esto|por qué recibo este correo|"
        "por qué me llega esto",
        "yes": "sí|si|vale|claro|de acuerdo|ok|confirmar|confirmado|sí por favor",
        "no": "no|cancelar|rechazar|no gracias",
        "away": "ausente|de vacaciones|vacaciones|fuera|fuera de la oficina|no disponible|de permiso|de viaje|"
        "de baja|día libre|libre|de licencia|no estoy|no estaré|permiso",
        "returning": "de vuelta|vuelvo|regreso|de regreso|estaré de vuelta|vuelta|estoy de vuelta",
        "sick": "enfermo|enferma|de baja médica|baja médica|baja por enfermedad|de baja por enfermedad",
        "reminders": "recordatorios|recordatorio|recuérdame|recordar",
        "never": "nunca|ninguno|no|sin|cero",
        "once": "una vez|uno|1|una",
        "twice": "dos veces|dos|2",
        "inclusive": "inclusive|incluido|incluso",
        "option": "opción|número|respuesta|la|el|n",
        "of": "tarea|tareas|punto|puntos|número|la|el|las",
    },
    asks=ASKS,
    kinds={
        "check-in": "check-in|check-ins|checkin|preguntas diarias|diario|reporte diario",
        "weekly-update": "informe semanal|reporte semanal|semanal|actualización semanal",
        "monthly-update": "informe mensual|mensual",
        "quarterly-recap": "resumen trimestral|trimestral",
        "one-on-one": "1:1|uno a uno",
        "review": "revisión|revisiones",
        "agenda": "agenda|orden del día|agendas",
        "meeting-notes": "notas|actas|acta",
        "feedback": "feedback|comentarios|opiniones",
        "refinement": "refinamiento",
        "introduction": "presentación|presentaciones",
        "retrospective": "retrospectiva|retrospectivas|retro",
        "announcement": "anuncio|anuncios",
        "poll": "encuesta|encuestas",
        "pulse": "pulso|pulsos",
        "digest": "digest|resumen diario",
        "rollup": "resumen semanal|rollup",
        "summary": "resumen|resúmenes",
        "reminders": "recordatorios|recordatorio",
        "": "todo|todos|todos los correos|correos|estos correos|esto|mails|los correos",
    },
    politeness="por favor|gracias|hola|los|las|el|la|ahora|me|de|mis|porfa|enviar|enviarme",
    myself="estoy|estaré|yo|voy a estar|me|tengo|me tomo|tomo|estamos|sigo|de",
)
