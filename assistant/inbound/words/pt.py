"""Portuguese."""

from assistant.inbound.words.model import Words

WORDS = Words(
    code="pt",
    labels={
        "done": "ontem|feito|terminado|concluído|realizado|concluídos|semana passada|na semana passada|esta semana|"
        "conquistas|progresso|finalizado|feitos|o que fiz",
        "next": "hoje|plano|planos|próximo|próximos passos|próxima semana|na próxima semana|semana que vem|amanhã|"
        "a fazer|por fazer|em andamento|para hoje|planejado|planeado|prioridades",
        "blockers": "bloqueios|bloqueio|bloqueado|impedimentos|impedimento|obstáculos|obstáculo|problemas|problema|"
        "dificuldades|riscos|bloqueadores|bloqueantes|entraves",
        "decisions": "decisões|decisão|decidido", "actions": "ações|acções|tarefas|tarefa|pendências",
        "takeaways": "conclusões|notas|resumo|pontos principais", "topics": "tópicos|temas|pauta|pontos|assuntos",
        "mood": "humor|energia|ânimo", "goals": "objetivos|metas", "learned": "aprendido|aprendizados",
        "comment": "comentário|comentários|outros|observação|obs|ps",
    },
    negatives="nenhum|nenhuma|nada|não|sem|zero|ninguém|nenhuns|n/a",
    obstacles="bloqueio|bloqueios|bloqueado|bloqueada|impedimento|impedimentos|obstáculo|obstáculos|problema|problemas|"
    "dificuldade|dificuldades|entraves|riscos|bloqueadores|novidades|novidade",
    fillers="por|enquanto|agora|no|momento|da|minha|parte|hoje|obrigado|obrigada|até|de|a|relatar|reportar|para|mim|"
    "há|tenho|estou|do|meu|lado|esta|semana|novo|novos|ainda|o|declarar|em|me|especial|felizmente|caminho|mais|"
    "bloqueando|bloqueie|atualmente",
    nothing="tudo bem|tudo certo|tudo ok|tudo em ordem|tudo tranquilo|tudo limpo|sem novidades|tudo joia|tudo claro|"
    "caminho livre|tudo em dia",
    same="igual a ontem|o mesmo que ontem|o mesmo de ontem|mesmo que ontem|como ontem|igual|o mesmo|mesma coisa|"
    "sem alterações|sem mudanças|idem|mesma coisa de ontem|a mesma coisa|igual à semana passada|igual ontem|"
    "a mesma coisa que ontem|como da última vez|igual a sexta",
    yes="sim|claro|com certeza|claro que sim|certo|ok|exato|sim por favor|perfeito|de acordo|isso|pode ser|sim claro",
    no="não|ainda não|de jeito nenhum|não obrigado|não obrigada|nunca|nem por isso|na verdade não|não muito|"
    "infelizmente não|claro que não",
    greetings="olá|oi|bom dia|boa tarde|boa noite|caro|cara|prezado|prezada|e aí|viva|querido|querida|prezados",
    closings="obrigado|obrigada|muito obrigado|muito obrigada|abraço|abraços|um abraço|cumprimentos|atenciosamente|"
    "com os melhores cumprimentos|melhores cumprimentos|até amanhã|até logo|bom fim de semana|beijos|att|atte|valeu|"
    "bjs|tenha um bom dia|grato|grata|saudações|abs|até mais|desde já obrigado|é isso|é tudo|boa semana",
    everybody="a todos|todos|equipe|equipa|pessoal|a|gente|galera|e",
    intros="aqui estão minhas respostas|minhas respostas|as minhas respostas|ver abaixo|respostas abaixo|"
    "seguem minhas respostas|seguem as minhas respostas|minha atualização|segue|segue abaixo|desculpe o atraso",
    minutes="minutos|minuto|min|mins|m", hours="horas|hora|h", half_hour="meia hora",
    numbers=(
        "zero", "um|uma", "dois|duas", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze",
    ),
    weekdays=(
        "segunda-feira|segunda|seg|2ª feira", "terça-feira|terça|ter", "quarta-feira|quarta|qua",
        "quinta-feira|quinta|qui", "sexta-feira|sexta|sex", "sábado|sáb", "domingo|dom",
    ),
    months=(
        "janeiro|jan", "fevereiro|fev", "março", "abril|abr", "maio|mai", "junho|jun", "julho|jul", "agosto|ago",
        "setembro|set", "outubro|out", "novembro|nov", "dezembro|dez",
    ),
    days={-1: "ontem", 0: "hoje|esta manhã|esta tarde|esta noite", 1: "amanhã", 2: "depois de amanhã"},
    parts={
        "morning": "manhã|de manhã|pela manhã|da manhã|na parte da manhã|esta manhã",
        "noon": "meio-dia|ao meio-dia|meio dia", "afternoon": "tarde|à tarde|de tarde|da tarde|pela tarde|esta tarde",
        "evening": "noite|à noite|da noite|esta noite", "day-end": "fim do dia|final do dia",
    },
    units={"day": "dia|dias", "week": "semana|semanas", "month": "mês|meses", "weekend": "fim de semana",
           "workday": "dias úteis|dia útil"},
    modifiers={
        "next": "próximo|próxima|que vem|seguinte", "this": "este|esta|neste|nesta",
        "end": "fim de|fim do|final de|final do|fim da|final da|fins de", "in": "em|dentro de|daqui a|daqui",
        "ago": "há",
        "week-end": "fim da semana|final da semana", "month-end": "fim do mês|final do mês|fim de mês",
        "later": "depois",
    },
    relations={
        "by": "para|até ao dia|o mais tardar|prazo|para o dia", "until": "até|até ao|até à|até o|até a|até dia",
        "through": "até e incluindo", "before": "antes de|antes das", "after": "depois de|depois das|a partir das|após",
        "from": "de|do|desde|a partir de|da", "to": "para|a|ao", "or": "ou", "between": "entre", "and": "e",
        "at": "às|pelas|à|por volta das",
    },
    clock={"hour": "h|horas|hrs", "am": "am", "pm": "pm", "half": "", "zone": "hora de|horário de|hora"},
    noise="o|a|os|as|na|no|em|de|do|da|pela|pelas|às|ao|à|dia|feira|por|volta|das",
    denials="não|impossível|tampouco|infelizmente",
    instead="exceto|em vez de|ao invés de",
    contrasts="mas|porém|contudo|melhor|em vez disso",
    moves="mover|passar|mudar|adiar|remarcar|transferir|move|passamos",
    commands={
        "help": "ajuda|ajude-me|comandos|como funciona",
        "skip": "pular|saltar|hoje não|ignorar|pular hoje|passo|desta vez não|esta semana não",
        "stop": "parar|pare|cancelar inscrição|cancelar subscrição|descadastrar|pausar|desinscrever|cessar",
        "resume": "retomar|continuar|recomeçar|reiniciar|voltar|começar|estou de volta|de volta|voltei",
        "done": "feito|concluído|terminado|feita|concluída|pronto",
        "why": "por que|porque|porquê|por quê|por que recebo isto|porque recebo isto|por que recebi isso|por que eu|"
        "porque recebi este email|por que recebi este e-mail",
        "yes": "sim|ok|claro|confirmar|confirmado|sim por favor|certo", "no": "não|cancelar|rejeitar|não obrigado",
        "away": "ausente|de férias|férias|fora|fora do escritório|indisponível|de folga|folga|em viagem|de licença|"
        "não disponível|licença",
        "sick": "doente|de baixa|baixa médica|de atestado|atestado médico|de baixa médica",
        "reminders": "lembretes|lembrete|lembrar|lembre-me", "never": "nunca|nenhum|não|sem|zero",
        "once": "uma vez|um|1|uma", "twice": "duas vezes|dois|2", "inclusive": "inclusive|incluído|inclusivamente",
        "option": "opção|número|resposta|a|o|n", "of": "tarefa|tarefas|ponto|pontos|número|a|o|as",
    },
    kinds={
        "check-in": "check-in|check-ins|checkin|perguntas diárias|diário",
        "weekly-update": "relatório semanal|semanal|atualização semanal", "monthly-update": "relatório mensal|mensal",
        "quarterly-recap": "resumo trimestral|trimestral", "one-on-one": "1:1|um a um", "review": "revisão|revisões",
        "agenda": "agenda|pauta|agendas", "meeting-notes": "notas|atas|ata", "feedback": "feedback|comentários",
        "refinement": "refinamento", "introduction": "apresentação|apresentações",
        "retrospective": "retrospectiva|retrospectivas|retro", "announcement": "anúncio|anúncios",
        "digest": "digest|resumo diário", "rollup": "resumo semanal|rollup", "summary": "resumo|resumos",
        "reminders": "lembretes|lembrete", "": "tudo|todos|todos os emails|emails|e-mails|estes emails|isto|isso",
    },
    politeness="por favor|obrigado|obrigada|olá|oi|os|as|o|a|agora|me|de|enviar|pf|faz favor",
    myself="estou|estarei|eu|vou estar|tenho|tiro|estamos|ainda|de|vou|ficarei",
)
