"""English phrases of the commands about meetings, tasks, goals, polls, feedback and search."""

ASKS = {
    "task": "task|new task|add task|add a task|create task|create a task|todo|to-do",
    "project": "project|new project|start project|start a project|begin project",
    "new_kpi": "new kpi|add kpi|add a kpi|create kpi|create a kpi|new metric|new indicator|start kpi",
    "kpis": "kpis|my kpis|show kpis|kpi list|our kpis|metrics|list kpis|kpi",
    "kpis_of": "kpis of|kpis for|metrics of|show kpis of",
    "drop": "drop|cancel|delete|remove|forget|abandon|dropped|won't do|wont do|skip|forget about",
    "doing": "doing|start|started|starting|working on|in progress|begin|began|on it",
    "reopen": "reopen|undo|not done|undone|re-open|open again",
    "blocked": "blocked|block|stuck|waiting|on hold|is blocked|blocked on",
    "blocked_by": "by|on|for|because of|due to|waits for|waiting for",
    "move_task": "move|postpone|push|reschedule|defer|delay|shift|due|set due|put off|put back|bump",
    "to": "to|until|till|by|on|for|due|due on|is due|due by",
    "assign": "assign|give|hand over|hand|reassign|delegate|pass",
    "spent": "spent|logged|log|worked|used|tracked|i spent|took me",
    "estimate": "estimate|est|estimated|takes|effort|needs|will take|should take",
    "my_tasks": "tasks|my tasks|task list|my task list|open tasks|my open tasks|show tasks|show my tasks|list tasks|"
    "what are my tasks|board|my board|todo list|my todos|my todo list|"
    "what do i have to do|what should i do|what is on my plate|my to dos|my todo list|what is overdue",
    "team_tasks": "team tasks|our tasks|tasks of the team|tasks of our team|the team's tasks|show team tasks",
    "tasks_of": "tasks of|tasks for|tasks from|open tasks of|show tasks of|board of",
    "priority": "priority|prio|prioritise|prioritize",
    "low": "low|low priority|low prio|lowest|not urgent|minor",
    "normal": "normal|medium|normal priority|normal prio|middle|medium priority",
    "high": "high|high priority|high prio|important",
    "urgent": "urgent|urgently|asap|critical|top priority|highest|highest priority|very high",
    "owner": "for|assign to|assigned to|owner|owned by|assignee|give to|@",
    "every": "every|each",
    "daily": "daily|every day|each day",
    "workdays": "every weekday|every workday|every working day|weekdays|on weekdays|each workday",
    "weekly": "weekly|every week|each week",
    "biweekly": "every other week|every two weeks|every second week|biweekly|fortnightly",
    "monthly": "monthly|every month|each month",
    "quarterly": "quarterly|every quarter|each quarter",
    "yearly": "yearly|every year|each year|annually",
    "after": "after|depends on|waits for|once done|blocked by|needs",
    "under": "under|part of|subtask of|sub-task of|belongs to|below|in",
    "and": "and",
    "point": "agenda|agenda point|agenda item|add to agenda|add to the agenda|add agenda item|add agenda point|point|"
    "for the agenda|new agenda item|add a point|add point|agenda add|topic for the agenda",
    "point_for": "agenda for|agenda of|point for|agenda item for|add to the agenda of|add to agenda of|"
    "add to the agenda for|agenda point for|add to agenda for",
    "add": "add|put|please add|can you add|could you add",
    "to_agenda": "to the agenda|to agenda|on the agenda|to our agenda|on our agenda|to the agenda please",
    "announce": "announce|announcement|news for all|tell everyone|tell everybody|tell the team|tell all",
    "seen": "read|seen|read it|i read it|i have read it|i've read it|got it|noted|read and understood|acknowledged|ack",
    "decide": "decision|decided|we decided|record decision|log decision|our decision|decision made",
    "ask_decision": "decision needed|decision request|need a decision|decision required|please decide|"
    "request decision|ask for a decision|asking for a decision|decision wanted|decide please",
    "confidence": "confidence|confident|conf|certainty|confidence level|confidence is",
    "is_now": "is|at|now|is now|is at|now at|to|up to|reached|stands at|has reached|went to|moved to|grew to|down to|"
    "up|update|set|set to|set at|current|currently|currently at|value|goes to|went|rose|fell|dropped",
    "from": "from",
    "target": "target|goal|new target|target is|target to|target now",
    "target_of": "target of|set target of|new target of|target for|new target for|set target for",
    "track": "track|keep|keep going|stay on course|keep tracking|on course|stay|continue tracking",
    "revise": "revise|revised|change target|adjust|rewrite|revise it",
    "replace": "replace|swap|exchange|substitute|replace it",
    "goals": "goals|my goals|okrs|okr|my okrs|objectives|my objectives|show goals|show my goals|key results|"
    "my key results|list goals|how are my goals|"
    "our goals|how are our goals doing|how are our goals|how do our goals stand|how are my goals doing|goal status",
    "goals_of": "goals of|okrs of|objectives of|show goals of|goals for|okrs for",
    "history": "history|past values|trend",
    "history_of": "history of|history for|past values of|trend of|show history of|show me the history of|log of",
    "objective": "objective|new objective|okr|draft objective|my objective|propose objective|objective draft",
    "measured_by": "as measured by|measured by|key results|krs",
    "kpi": "kpi|metric|measure|indicator",
    "poll": "poll|new poll|start a poll|start poll|quick poll|survey|vote on|create poll|create a poll|please vote|"
    "let's vote",
    "secret": "secret|anonymous|anonymously|secretly|secret vote|hidden|secret ballot|anonymous vote",
    "open": "open|public|open vote|visible|not secret",
    "several": "several|multiple|choose several|multiple choice|pick several|several answers|many|"
    "choose as many as you like|several allowed|pick any|multiple answers|more than one|all that apply|choose any|"
    "several choices",
    "ranked": "rank|ranked|ranking|rank them|in order|order of preference|please rank|ranked choice|put in order|"
    "rank all",
    "single": "single|choose one|single choice|pick one|one answer|only one",
    "poll_until": "until|closes|closing|close|ends|by|open until|vote until|vote by|till",
    "vote": "vote|my vote|i vote|vote for|i vote for|voting for|my choice|i choose|i pick|my vote is|my votes|votes|"
    "i would take|i'd go for|my pick|my vote goes to|i prefer",
    "close_poll": "close the poll|close poll|end the poll|end poll|finish the poll|poll closed|close voting",
    "then": "then|before|over|followed by",
    "feedback_for": "feedback for|feedback to|give feedback to|feedback on|feedback about|my feedback for|"
    "some feedback for",
    "feedback_from": "feedback from|ask for feedback from|request feedback from|i want feedback from|"
    "i would like feedback from|i'd like feedback from|get feedback from|"
    "can i get feedback from|could i get feedback from|can i have feedback from|get feedback from|"
    "i would like feedback from",
    "ask": "ask|please ask|request|can you ask|could you ask",
    "for_feedback": "for feedback|for some feedback|for their feedback|for his feedback|for her feedback|"
    "to give me feedback",
    "about": "on|about|regarding|concerning|re|for|over",
    "private": "private|privately|confidential|just for you|only for you|between us|personal",
    "public": "public|publicly|open|for all|for everyone",
    "praise": "praise|praise for|praise to|kudos|kudos to|kudos for|thanks to|thank you to|big thanks to|"
    "many thanks to|shout-out to|shoutout to|shout out to|props to|hats off to|well done|great work by|thank",
    "because": "for|because|because of|as|since",
    "win": "win|wins|small win|big win|my win|success|celebrate|good news",
    "search": "search|search for|find|look for|look up|lookup|please search|please find|can you find|show me|"
    "where is|search all",
    "did_i": "what did i do|what have i done|what did i work on|what was i doing|what did i get done|what i did",
    "did_we": "what did we do|what have we done|what did we get done|what did the team do|what did we work on",
    "did": "what did|what has",
    "do": "do|done|work on|get done",
    "decided": "what did we decide|what have we decided|what was decided|what did we agree|what was agreed|"
    "what did we agree on|decisions|decisions about|decisions on|which decisions",
    "faq": "faq|frequently asked",
    "keep_faq": "keep as faq|keep this as faq|add to faq|add to the faq|save as faq|make this a faq|keep in faq|"
    "remember this|put this in the faq|keep answer as faq",
    "quarter": "quarter|q",
    "year": "year",
    "hours": "hours|my hours|working hours|my working hours|work hours|i work|office hours|my work hours|"
    "my working hours are|working hours are|i'm working|"
    "i am working|working time|my working time|hours are|my hours are",
    "now_on": "from now on|every day|each day|always|daily|in future|in the future|permanently|from tomorrow|"
    "from next week",
    "ask_at": "ask me|ask|send|send me|write to me|write me|mail me|send it|ask me at|mails|please send",
    "zone": "zone|time zone|timezone|tz|my time zone|my timezone|my zone|time zone is|my time zone is",
    "i_am_in": "i am in|i'm in|im in|i will be in|i'll be in|i am now in|i'm now in|i am moving to|i'm moving to|"
    "i moved to|i am working from|i'm working from|working from|i work from|i live in|i am travelling to|"
    "i'm travelling to|i am based in|i'm based in",
    "now": "now|currently|right now|at the moment|as of now",
    "language": "language|my language|in|switch to|use|write in|write to me in|language is|please write in|speak|"
    "set language to|set language|change language to|write me in",
    "cancel": "cancel|cancel the|call off|drop|skip|let's cancel|let's skip|please cancel|cancelled|can we cancel|"
    "could we cancel|can we skip|could we skip|can you cancel|could you cancel|no meeting|delete",
    "meeting": "meeting|the meeting|our meeting|call|the call|it|this|this meeting|this one|this time|appointment|"
    "invitation|event|session",
    "accept": "accept|accepted|i accept|i'll be there|i will be there|works|works for me|that works|"
    "that works for me|i'll come|i can make it|count me in|i'm in|see you there|perfect|that suits me|suits me|"
    "i am in",
    "decline": "decline|declined|i decline|can't make it|cannot make it|i can't make it|i cannot make it|can't come|"
    "i can't come|can't attend|i can't attend|won't make it|i won't make it|i can't|cannot attend|cannot come|"
    "i have to decline|not able to attend|i won't be there|unable to attend|doesn't work|doesn't work for me|"
    "that doesn't work|that doesn't work for me|doesn't suit me|i am unable to attend",
    "later": "later|later please|another time|other time|some other time|a bit later|another day|reschedule|new time|"
    "propose another time|other times|not now|a different time|different time|can we reschedule|could we reschedule|"
    "please reschedule|find another time|move it|can we move it|could we move it|later today",
    "later_by": "later|later than that|later than planned|after",
    "earlier_by": "earlier|sooner|before|ahead",
    "move_talk": "could|can|we|do|you|move|reschedule|shift|postpone|push|change|it|this|that|the|to|our|my|instead|"
    "please|for|on|would|work|works|better|be|make|let's|lets|s|let|me|us|how|about|what|i|is|at|maybe|perhaps|"
    "possible|fine|also|be|suits|prefer|rather|like|have|meet|try|one|or|and|of|from|back|forward|up|out|possibly|"
    "this week|a|an|d|should|good|suit|ok|okay|meeting|call|everyone|everybody|fits|suggest|propose|go|any|chance|by|"
    "in|are|start|begin",
    "own_feedback": "feedback|feedback for me|i would like feedback|i'd like feedback|i want feedback|give me feedback",
    "never": "never|not at all|none|off",
    "share_it": "public|make it public|you may share it|you may share this|share it|share this|"
    "the team may read it|the team may read this|make this public",
    "my_plan": "my plan|my development plan|my growth plan|development plan|growth plan|show my plan|"
    "show my development plan",
    "plan_of": "plan of|development plan of|growth plan of|show the plan of",
    "plan_step": "plan step|plan steps|growth step|development step|growth plan|development plan|"
    "add to my plan|my plan",
    "plan_aspiration": "plan aspiration|plan aspirations|aspiration|aspirations|career goal|career aspiration",
    "plan_skill": "plan skill|plan skills|skill to learn|skills to learn",
    "plan_gap": "plan gap|plan gaps|skill gap|skill gaps",
    "request": "could you|can you|would you|will you|could we|can we|i would like to|i'd like to|i want to|"
    "i want you to|i need you to|let's|lets|would you mind|you can|you may|could you just|can you just|"
    "would it be possible to|is it possible to|i would like you to|also|i have|i've|i",
    "request_end": "please|pls|plz|thanks|thank you|thx|cheers|thanks a lot|many thanks|thank you very much|for me|"
    "if possible|will you|would you|could you|ok|sorry",
    "show": "show me|show|list|give me|send me|what are|what is|which are|i need|see",
    "mark": "mark|set|tick|check|put|move|make|call|consider|close",
    "as_state": "as|to|is|are|is now|has been|have been|got|was|now|off|it's|all|already|i've|i have|i|we|both|all of",
    "any_more": "any more|anymore|any longer|from now on",
    "none_of": "no|don't send|do not send|stop sending",
    "set_value": "update|set|put|change|record|log|bump",
    "regret": "sorry|unfortunately|sadly",
    "never_more": "don't send|do not send|stop sending",
}
