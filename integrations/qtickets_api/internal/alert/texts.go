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
		kinds: map[notice]string{opened: "", grown: "more of it: ", ended: "over: "},
		since: "Since %s (Moscow).", over: "Over: from %s to %s (Moscow), %s (h:mm).", incident: "Incident %s, table meta_alerts.",
		test: "test of the alerts", testBody: "If you read this, the channel works. Nothing needs to be done.",
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
			"Of {ended} runs in a day {failed} failed ({share} %, the limit is {limit} %). The last: {last}",
			"Next: read message in meta_job_runs; the published numbers are as they were.",
		},
		"orders_drop": {
			"far fewer orders than usual",
			"no fewer orders than usual: {today} today, {yesterday} yesterday",
			"Orders paid today by {until}: {today}; yesterday by then: {yesterday}; usual for this weekday: {usual}. The limit is {limit} % below.",
			"Next: try to buy a ticket on the site; look at the advertising and the payment. The data is fresh, the load is not the reason.",
		},
		"dead_run": {
			"a run broke off",
			"no run broke off",
			"Runs that broke off: {dead}. The last one {run} on {host}, started {started}.",
			"Next: journalctl -u qtickets_api.service; out of memory, a reboot? The next run goes on by itself.",
		},
		"quarantine": {
			"rows in quarantine that cannot be understood",
			"quarantine is empty",
			"Rows in quarantine: {rows} ({feeds}). Reports do without them.",
			"Next: qtickets_api quarantine list says why; once mended, qtickets_api quarantine retry.",
		},
		"probe_change": {
			"the QTickets API behaves otherwise",
			"the QTickets API behaves as before",
			"Changed: {change}.",
			"Next: usually nothing, the load adapts; qtickets_api doctor says what it means.",
		},
		"reconcile": {
			"the comparison found differences",
			"the comparison found no differences",
			"The comparison of {at} found orders changed without a trace: {changed}, gone: {vanished}. It has repaired them.",
			"Next: look at run {run} in meta_job_runs; if it comes every night, lower QTICKETS_SWEEP_MAX_AGE.",
		},
		RuleCannotCheck: {
			"could not check",
			"everything was checked",
			"Not checked: {problems}",
			"Next: docker ps --filter name=ch-zakaz, then qtickets_api check.",
		},
	},
}
