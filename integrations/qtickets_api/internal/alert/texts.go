package alert

// ruleText is what a rule says: what is wrong, how it is when nothing is, the figures, the next step.
type ruleText struct{ title, fine, found, todo string }

// frame is what stands around it.
type frame struct {
	kinds                 map[notice]string
	since, over, incident string
	test, testBody        string
}

func known(lang string) string {
	if _, ok := rules[lang]; ok {
		return lang
	}
	return "en"
}

func rule(lang, name string) ruleText {
	if t, ok := rules[known(lang)][name]; ok {
		return t
	}
	return ruleText{title: name} // of an incident kept by another version of the program
}

var frames = map[string]frame{
	"ru": {
		kinds: map[notice]string{opened: "", grown: "стало больше: ", ended: "закончилось: "},
		since: "С %s (Москва).", over: "Закончилось: с %s до %s (Москва), длилось %s (ч:мм).", incident: "Инцидент %s, таблица meta_alerts.",
		test: "проверка оповещений", testBody: "Если вы это читаете, канал работает. Делать ничего не нужно.",
	},
	"en": {
		kinds: map[notice]string{opened: "", grown: "growing: ", ended: "over: "},
		since: "Since %s (Moscow).", over: "Over: from %s to %s (Moscow), %s (h:mm).", incident: "Incident %s, table meta_alerts.",
		test: "alert test", testBody: "If you can read this, the channel works. Nothing to do.",
	},
}

var rules = map[string]map[string]ruleText{
	"ru": {
		"no_data": {
			"нет свежих данных",
			"данные свежие: полны на {as_of}",
			"Данные полны на {as_of}, это {age} (ч:мм) назад; предел {limit}.",
			"Что делать: systemctl list-timers 'qtickets_api*' и journalctl -u qtickets_api.service -n 50; там названа причина.",
		},
		"failed_runs": {
			"много неудачных запусков",
			"запуски удаются",
			"За сутки не удались {failed} из {ended} запусков ({share} %, предел {limit} %). Последний: {last}",
			"Что делать: прочитать message в meta_job_runs; опубликованные числа остались прежними.",
		},
		"orders_drop": {
			"заказов намного меньше обычного",
			"заказов не меньше обычного: сегодня {today}, вчера {yesterday}",
			"Сегодня к {until} оплачено заказов: {today}; вчера к этому времени: {yesterday}; обычно в этот день недели: {usual}. Предел: на {limit} % ниже.",
			"Что делать: попробовать купить билет на сайте; проверить рекламу и оплату. Данные свежие, причина не в загрузке.",
		},
		"dead_run": {
			"запуск оборвался",
			"запуски не обрываются",
			"Оборвалось запусков: {dead}. Последний {run} на {host}, начат {started}.",
			"Что делать: journalctl -u qtickets_api.service; не хватило памяти, перезагрузка? Следующий запуск продолжит сам.",
		},
		"quarantine": {
			"непонятные строки в карантине",
			"карантин пуст",
			"Строк в карантине: {rows} ({feeds}). В отчётах их нет.",
			"Что делать: qtickets_api quarantine list покажет причины; после исправления qtickets_api quarantine retry.",
		},
		"probe_change": {
			"API QTickets ведёт себя иначе",
			"API QTickets ведёт себя как прежде",
			"Изменилось: {change}.",
			"Что делать: обычно ничего, загрузка приспосабливается; qtickets_api doctor скажет, что это значит.",
		},
		"reconcile": {
			"сверка нашла расхождения",
			"сверка без расхождений",
			"Сверка {at} нашла изменённых без следа заказов: {changed}, исчезнувших: {vanished}. Она их уже исправила.",
			"Что делать: посмотреть запуск {run} в meta_job_runs; если повторяется каждую ночь, уменьшить QTICKETS_SWEEP_MAX_AGE.",
		},
		RuleCannotCheck: {
			"проверить не удалось",
			"всё проверено",
			"Не проверено: {problems}",
			"Что делать: docker ps --filter name=ch-zakaz, затем qtickets_api check.",
		},
	},
	"en": {
		"no_data": {
			"no fresh data",
			"the data is fresh: complete as of {as_of}",
			"The data is complete as of {as_of}, {age} (h:mm) ago; the limit is {limit}.",
			"Next: systemctl list-timers 'qtickets_api*' and journalctl -u qtickets_api.service -n 50, which name the reason.",
		},
		"failed_runs": {
			"many failed runs",
			"runs succeed",
			"{failed} of {ended} runs in a day failed ({share} %, the limit is {limit} %). The last: {last}",
			"Next: read message in meta_job_runs; the published numbers are unchanged.",
		},
		"orders_drop": {
			"far fewer orders than usual",
			"orders are as usual: {today} today, {yesterday} yesterday",
			"Orders paid today by {until}: {today}; yesterday by then: {yesterday}; usual for this weekday: {usual}. The limit is {limit} % below.",
			"Next: try to buy a ticket on the site; check advertising and payments. The data is fresh, so the load is not the reason.",
		},
		"dead_run": {
			"a run died",
			"no run died",
			"Dead runs: {dead}. The last: {run} on {host}, started {started}.",
			"Next: journalctl -u qtickets_api.service; out of memory, a reboot? The next run resumes by itself.",
		},
		"quarantine": {
			"rows in quarantine that cannot be parsed",
			"quarantine is empty",
			"Rows in quarantine: {rows} ({feeds}). They are not included in reports.",
			"Next: qtickets_api quarantine list says why; once fixed, qtickets_api quarantine retry.",
		},
		"probe_change": {
			"QTickets API behaviour changed",
			"QTickets API behaviour is unchanged",
			"Changed: {change}.",
			"Next: usually nothing, the load adapts; qtickets_api doctor says what it means.",
		},
		"reconcile": {
			"reconcile found differences",
			"reconcile found no differences",
			"The reconcile run of {at} found {changed} orders changed without a trace and {vanished} vanished. It has fixed them.",
			"Next: see run {run} in meta_job_runs; if this repeats every night, lower QTICKETS_SWEEP_MAX_AGE.",
		},
		RuleCannotCheck: {
			"could not check",
			"everything was checked",
			"Not checked: {problems}",
			"Next: docker ps --filter name=ch-zakaz, then qtickets_api check.",
		},
	},
}
