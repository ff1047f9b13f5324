"""English."""

from assistant.inbound.words.asks_en import ASKS
from assistant.inbound.words.model import Words

WORDS = Words(
    code="en",
    labels={
        "done": "y|yesterday|done|did|finished|completed|accomplished|accomplishments|last week|this week|achieved|"
        "achievements|progress|since last time|since yesterday|since friday|what i did|previously|wins|shipped|"
        "past|last|got done|what i got done|what got done|what i did yesterday|what i did this week|worked on|"
        "work done|done yesterday|completed yesterday|highlights|what went well",
        "next": "t|today|next|plan|plans|planned|planning|to do|todo|next week|tomorrow|doing|working on|up next|"
        "on for today|focus|next up|next steps|for today|plan for today|today's plan|coming up|priorities|upcoming|"
        "what's next|what is next|what i will do|what i'll do|will do|on my plate|on the list|to come",
        "thanks": "kudos|shout-out|shout out|shout-outs|shout outs|shoutout|shoutouts|props|praise|big thanks to",
        "blockers": "b|blockers|blocker|blocked|blocking|blocked by|blocked on|impediments|impediment|obstacles|"
        "obstacle|issues|problems|risks|in the way|in my way|stuck|challenges|anything in the way|roadblocks|"
        "impeding|help needed|any blockers|stuck on|waiting for|waiting on|hurdles|need help with|what is in my way|"
        "what's in my way|what is in the way|what's blocking me|what blocks me",
        "decisions": "decisions|decision|decided|agreed|we decided",
        "actions": "actions|action items|action item|to do|todo|todos|tasks|next steps|follow ups|follow-ups",
        "takeaways": "other|others|"
        "takeaways|key takeaways|takeaway|notes|summary|discussed|talked about|key points|discussion",
        "topics": "topics|agenda|agenda items|points|topic|items",
        "mood": "mood|feeling|energy|how i feel",
        "goals": "goals|goal|okrs|objectives",
        "learned": "learned|learnings|learning|lessons|lessons learned|what i learned|insights",
        "comment": "comment|comments|anything else|other|misc|fyi|note|ps|p s",
    },
    negatives="none|no|nothing|nope|nil|nada|nah|not|zero|zip|without|clear|na|n/a|non|nope nothing|don't have|"
    "don't see|"
    "haven't|haven't got|there isn't|there aren't",
    obstacles="blocker|blockers|blocked|blocking|impediments|impediment|issue|issues|problem|problems|obstacle|"
    "obstacles|roadblock|roadblocks|hurdles|hindrances|stuck|showstoppers|concerns|dependencies|blocks",
    fillers="at|the|moment|right|now|from|my|side|so|far|for|me|us|thanks|thank|you|currently|today|here|this|week|"
    "really|to|report|all|in|way|on|end|that|i|know|of|as|yet|new|ones|any|at all|major|big|real|am|i'm|is|there|"
    "are|anything|actually|still|just|else|add|else to add|we|have|see|aware|luckily|fortunately|happily|share|"
    "mention|special|particular|speak|at this time|stopping|holding|back|otherwise|other than that|apart from that|"
    "also|more|longer|anymore|got|around|lol|haha|hehe|hm|hmm|well|oh",
    nothing="all good|i'm fine|i am fine|doing fine|everything fine|all fine here|all clear|all fine|good to go|"
    "smooth sailing|on track|i'm good|im good|all well|no worries|"
    "nothing to report|everything is fine|everything's fine|everything is on track|nothing for today|free and clear|"
    "no news|no update|no updates|nothing new|nothing this week|good so far|all green|green",
    settled="all sorted|sorted|sorted out|resolved|solved|fixed|unblocked|cleared|cleared up|taken care of|"
    "no longer|never mind|not any more|not anymore|sorted now",
    troubles="but|only|except|apart from|besides|however|though|although|unless|until|still|need|needs|needing|"
    "wait|waiting|waits|missing|blocked|blocker|stuck|down|broken|failing|fails|failed|late|slow|unclear|"
    "can't|cannot|couldn't|won't|not|haven't|hasn't|isn't|didn't|doesn't|don't|no|lack|lacking|problem|"
    "problems|issue|issues|trouble|help|please|urgent|yet|worried|risk|risks|maybe|might|perhaps|delayed|"
    "pending|would be",
    same="same as yesterday|same as last time|same as before|same as last week|same|same again|same here|same thing|"
    "the same|the same as yesterday|as yesterday|like yesterday|unchanged|ditto|no change|see yesterday|"
    "same as on friday|same as friday|same as monday|still the same|still same as yesterday|idem|"
    "same story|same as the day before|same plan as yesterday|continuing as yesterday|same blocker|same blockers",
    yes="i think so|think so|done it|sure thing|"
    "hell yes|hell yeah|heck yes|yes absolutely|yes definitely|"
    "yes|y|yep|yeah|yup|sure|of course|absolutely|definitely|ok|okay|correct|right|indeed|certainly|fine|"
    "sounds good|please do|go ahead|affirmative|agreed|yes please|true|works for me|very much",
    no="i don't think so|don't think so|i do not|i did not|we did not|i didn't|we didn't|it does not|it doesn't|"
    "it did not|it didn't|it isn't|it is not|not at this point|no way|of course not|hell no|heck no|"
    "absolutely not|definitely not|certainly not|no chance|not a chance|"
    "no|n|nope|nah|not really|not yet|not at all|never|negative|no thanks|no thank you|don't|do not|please don't|"
    "rather not|false|not this time|unfortunately not|hardly|not quite",
    greetings="hi|hello|hey|good morning|morning|good afternoon|good evening|dear|hiya|howdy|greetings|hi there|"
    "hello there|hey there|happy friday|happy monday|gm|evening|afternoon|yo",
    closings="thanks|thank you|many thanks|thx|cheers|best|best regards|regards|kind regards|warm regards|all the best|"
    "br|sincerely|yours|yours sincerely|best wishes|thanks a lot|thanks so much|talk soon|see you|have a good day|"
    "have a nice day|have a great day|have a great weekend|have a good weekend|thank you very much|"
    "thanks and regards|thanks in advance|take care|ttyl|tia|rgds|kr|ty|warmly|with best regards|"
    "have a good one|have a great one|have a nice weekend|thanks again|that's all|that's it|that's it from me|"
    "that's all from me|that's all for today|that is all|thanks for asking|thank you for asking|"
    "thanks for the reminder|thank you for the reminder",
    everybody="all|team|everyone|everybody|folks|both|there|guys|you two|again|you|assistant|bot|friends",
    intros="here are my answers|my answers|here are my updates|here is my update|here's my update|my update|update|"
    "see below|answers below|my answers below|answers inline|please see below|see inline|see my answers below|"
    "see comments below|please find my answers below|here you go|here's mine|here is mine|here are mine|"
    "my check-in|my checkin|check-in|inline|here goes|"
    "find my answers below|below|comments inline|as requested|my status|status|status update|status report|"
    "here is my status|sorry for the late reply|sorry for the delay|sorry i'm late|a bit late sorry|"
    "hope you're well|hope you are well|i hope you are well|i hope you're well|hope you are doing well|"
    "hope all is well|"
    "hope you're doing well|i hope all is well|hope this finds you well|i hope this finds you well|how are you|"
    "hope you had a good weekend|hope you had a nice weekend|hope you had a great weekend|thanks for asking",
    minutes="minutes|minute|min|mins|m",
    hours="hours|hour|h|hr|hrs",
    half_hour="half an hour|half hour",
    numbers=(
        "zero",
        "one|a|an",
        "two|a couple of",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ),
    weekdays=(
        "monday|mon|mondays",
        "tuesday|tue|tues|tuesdays",
        "wednesday|wed|weds|wednesdays",
        "thursday|thu|thur|thurs|thursdays",
        "friday|fri|fridays",
        "saturday|sat|saturdays",
        "sunday|sun|sundays",
    ),
    months=(
        "january|jan",
        "february|feb",
        "march|mar",
        "april|apr",
        "may",
        "june|jun",
        "july|jul",
        "august|aug",
        "september|sep|sept",
        "october|oct",
        "november|nov",
        "december|dec",
    ),
    days={
        -1: "yesterday",
        0: "today|tonight|this morning|this afternoon|this evening",
        1: "tomorrow|tmrw|tmr|tomorow|tommorow|tomorrow's",
        2: "the day after tomorrow|day after tomorrow|overmorrow",
    },
    parts={
        "morning": "morning|in the morning|mornings|forenoon|this morning",
        "noon": "noon|midday|lunch|lunchtime|at noon|over lunch",
        "afternoon": "afternoon|in the afternoon|afternoons|this afternoon|arvo",
        "evening": "evening|in the evening|tonight|evenings|this evening",
        "day-end": "eod|cob|end of day|close of business|end of business|end of the day|eob",
    },
    units={
        "day": "day|days",
        "week": "week|weeks",
        "month": "month|months",
        "weekend": "weekend|weekends",
        "fortnight": "fortnight|fortnights",
        "workday": "working days|working day|business days|business day|workdays|work days",
    },
    modifiers={
        "next": "next|following|the week after",
        "this": "this|coming|the coming|upcoming|this coming",
        "early": "early|early in|start of|the start of|beginning of|the beginning of|start of the|beginning of the",
        "mid": "mid|middle of|the middle of|middle of the|mid of",
        "late": "late|late in",
        "end": "end of|the end of|end of the|eo",
        "in": "in|within",
        "ago": "ago|last",
        "week-end": "eow|end of week|end of the week",
        "month-end": "eom|end of month|end of the month",
        "later": "from now|from today|later",
        "week-2": "the week after next|week after next",
        "plus-week": "a week from|a week on|week from|a week after",
    },
    relations={
        "by": "by|due|due by|due on|no later than|latest|at the latest|deadline|by the",
        "until": "until|till|til|until the|untill",
        "through": "through|thru|up to and including|until and including",
        "before": "before|earlier than|prior to",
        "after": "after|later than|any time after|past",
        "from": "from|starting|since|starting from|as of|beginning",
        "to": "to",
        "or": "or|otherwise|alternatively",
        "between": "between",
        "and": "and",
        "at": "at|around|about|approx|circa|@",
    },
    clock={
        "hour": "o'clock|oclock|h|hrs|hours|ish",
        "am": "am|a.m",
        "pm": "pm|p.m",
        "half": "",
        "zone": "time",
        "plus-30": "half past|half after",
        "plus-15": "quarter past|quarter after|a quarter past",
        "minus-15": "quarter to|quarter before|a quarter to",
        "onwards": "or later|or after|onwards|and later|or any time after|onward",
    },
    noise="on|the|of|at|around|about|anytime|any time|some time|sometime|ideally|preferably|in|for|a|local|my",
    denials="not|can't|cannot|can not|cant|won't|don't|doesn't|isn't|no|unable|"
    "impossible|unavailable|busy|away|ooo|out of office|unfortunately|is out|are out",
    instead="except|instead of|rather than|anything but|in place of",
    contrasts="but|instead|however|rather|though|so",
    moves="move|moving|reschedule|postpone|push|shift|change|bring|moved|swap",
    commands={
        "help": "help|commands|help me|what can you do|how does this work|info|usage",
        "skip": "skip|pass|skip today|skip this|skip this one|skip me|skip me today|skip it|skip this time|"
        "skip this week|skip me this week|not today|not this time|skip for today",
        "stop": "stop|unsubscribe|opt out|stop sending|stop all|stop it|stop everything|stop these mails|"
        "stop emailing me|stop sending me|no more|stop these emails|stop the|stop all mails|pause|mute|cancel my",
        "resume": "resume|start|start again|subscribe|restart|opt in|continue|unpause|unmute|resume sending|resume all|"
        "start sending|resume the|start the|i am back|i'm back|im back|back again|back|i am back again|i'm back again",
        "done": "done|finished|completed|complete|close|done with|did|tick off|check off|ticked off|resolved",
        "why": "why|why did i get this|why do i get this|why this|why me|why am i getting this|why did you send this|"
        "why am i receiving this|why did i get this mail|why did i get this email|why did you send me this|"
        "why do you send me this|why did you write to me|why do you write to me",
        "yes": "yes|y|yep|yeah|yup|ok|okay|sure|yes please|hell yes|hell yeah|absolutely|definitely|of course|"
        "confirm|confirmed|go ahead|agreed|do it|please do|correct",
        "no": "no|n|nope|nah|no thanks|no thank you|don't|cancel|reject|wrong|please don't|hell no|heck no|no way|"
        "absolutely not|definitely not|certainly not",
        "away": "away|on holiday|on holidays|on vacation|on leave|out of office|ooo|out|off|holiday|vacation|leave|"
        "on pto|pto|absent|not working|not in|not available|unavailable|off work|out of the office|on annual leave|"
        "travelling|traveling|not around|day off|a day off|taking the day off|off sick|parental leave|"
        "on parental leave",
        "returning": "back|i'm back|i am back|will be back|i'll be back|be back|returning|return|i return|"
        "will return|back in the office|back at work|back in|back at my desk|in again|"
        "in the office again",
        "sick": "sick|ill|sick today|out sick|off sick|sick leave|on sick leave|sick day|unwell|calling in sick",
        "reminders": "reminders|reminder|remind me|remind|send reminders",
        "never": "never|none|no|off|zero|not|don't|do not",
        "once": "once|one|one time|1",
        "twice": "twice|two|two times|on|2",
        "inclusive": "inclusive|included|including|incl",
        "option": "option|number|choice|no|nr|variant|answer|take|the",
        "of": "task|tasks|item|items|action|actions|number|no|nr",
    },
    asks=ASKS,
    kinds={
        "check-in": "check-in|check-ins|checkin|checkins|daily check-in|daily check-ins|standup|stand-up|standups|"
        "stand-ups|daily|dailies|daily standup|daily questions",
        "weekly-update": "weekly update|weekly updates|weekly|weeklies|weekly report",
        "monthly-update": "monthly update|monthly updates|monthly|monthly report",
        "quarterly-recap": "quarterly recap|quarterly recaps|quarterly|quarterly update",
        "one-on-one": "1:1|1:1s|one-on-one|one-on-ones|one on one|1-1|1-1s|1on1|1on1s|1 on 1",
        "review": "review|reviews|team review|team reviews|product review",
        "agenda": "agenda|agendas|agenda call|agenda calls|agenda mails",
        "meeting-notes": "notes|meeting notes|minutes|meeting minutes",
        "feedback": "feedback|feedbacks|feedback question|meeting feedback|feedback requests",
        "refinement": "refinement|refinements|backlog refinement|grooming",
        "sprint": "sprint|sprints|sprint questions",
        "celebration": "celebration|celebrations",
        "meeting-review": "meeting review|meeting reviews",
        "growth-plan": "growth plan|growth plans|development plan|development plans",
        "onboarding": "onboarding",
        "introduction": "introduction|introductions|intro|intros",
        "retrospective": "retrospective|retrospectives|retro|retros",
        "announcement": "announcement|announcements",
        "poll": "poll|polls|vote|votes",
        "pulse": "pulse|pulses|pulse survey",
        "digest": "digest|digests",
        "rollup": "rollup|rollups|roll-up|roll-ups|weekly rollup|weekly rollups|weekly summary",
        "summary": "summary|summaries|meeting summaries|meeting summary",
        "reminders": "reminders|reminder|reminding me|reminding",
        "": "all|everything|it|this|these|them|all mails|all emails|mails|emails|these mails|these emails|this mail|me|"
        "messages|sending mails|sending emails",
    },
    politeness="please|pls|plz|thanks|thank you|hi|hello|hey|kindly|now|just|thx|cheers|can you|could you|"
    "me|the|my|again|would you|for me|sending|sending me|receiving|getting|with",
    myself="i'm|i am|im|i'll be|i will be|ill be|will be|i'm going to be|am|be|taking|i take|i'm taking|i have|"
    "we are|feeling|i feel|i'm feeling|calling in|currently|still",
)
