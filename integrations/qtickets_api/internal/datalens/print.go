package datalens

// Requests are the bodies of every method that a publication may ask, as they are for a server whose guids are the
// names of columns. What only DataLens can tell stands in angle brackets.
func (w Wording) Requests(c ClickHouse) map[string][]any {
	const workbook, connection, answered = "<workbook>", "<connection>", "<dataset of the answer>"
	bodies := map[string][]any{}
	add := func(method string, body Object) { bodies[method] = append(bodies[method], body) }
	add("createWorkbook", w.Workbook(""))
	add("getWorkbooksList", Object{"filterString": "QTickets"})
	add("getWorkbookEntries", Object{"workbookId": workbook, "page": 0, "pageSize": 200})
	add("createConnection", w.Connection(workbook, c))
	add("getConnection", Object{"connectionId": connection, "workbookId": workbook})
	add("updateConnection", Object{"connectionId": connection, "data": w.ConnectionData(c)})
	made := Made{Datasets: map[string]Place{}, Charts: map[string]string{}}
	for _, d := range Datasets {
		at := Place{Workbook: workbook, Dataset: "<dataset " + d.View + ">", Guids: Guids{}}
		var updates []any
		for _, f := range d.Fields {
			at.Guids[f.Name] = f.Name
			updates = append(updates, w.FieldUpdate(d, f, at.Guids, false))
		}
		made.Datasets[d.View] = at
		add("validateDataset", Object{"datasetId": "", "workbookId": workbook,
			"data": Object{"updates": d.NewSource(connection, c.Database)}})
		add("validateDataset", Object{"datasetId": "", "workbookId": workbook,
			"data": Object{"dataset": answered, "updates": updates}})
		add("createDataset", Object{"name": d.Name.In(w.Lang), "workbook_id": workbook, "dataset": answered})
		add("getDataset", Object{"datasetId": at.Dataset, "workbookId": workbook})
		add("updateDataset", DatasetUpdate(at, answered))
		add("getDatasetData", NumberOf(d, at))
	}
	for _, chart := range Charts {
		at := made.Datasets[chart.View]
		key := "<chart " + chart.Name.EN + ">"
		made.Charts[chart.Name.EN] = key
		add("createWizardChart", w.Chart(chart, at))
		add("getWizardChart", Object{"chartId": key, "workbookId": workbook})
		add("updateWizardChart", w.ChartUpdate(chart, key, at))
	}
	entry := w.DashboardEntry(workbook, made)
	add("createDashboard", Object{"entry": entry})
	add("getDashboard", Object{"dashboardId": "<dashboard>", "workbookId": workbook})
	add("updateDashboard", Object{"mode": "publish", "entry": Object{"entryId": "<dashboard>", "data": entry["data"],
		"meta": nil, "annotation": entry["annotation"]}})
	return bodies
}

// FieldUpdate is the update that makes a field what it is to be. known: the dataset has it already.
func (w Wording) FieldUpdate(d Dataset, f Field, guids Guids, known bool) Object {
	action := "update_field"
	if f.Formula != "" && !known {
		action = "add_field"
	}
	return Object{"action": action, "field": w.Field(d, f, guids)}
}

// ChartUpdate is the body of updateWizardChart.
func (w Wording) ChartUpdate(c Chart, id string, at Place) Object {
	return Object{"chartId": id, "mode": "publish", "annotation": w.ChartAnnotation(c), "data": c.Data(at)}
}

// DatasetUpdate is the body of updateDataset. content is what validateDataset answered.
func DatasetUpdate(at Place, content any) Object {
	return Object{"datasetId": at.Dataset, "workbookId": at.Workbook,
		"data": Object{"dataset": content, "mode": "publish"}}
}

// NumberOf is the body of getDatasetData that asks the number of a dataset by which it is compared with ClickHouse.
func NumberOf(d Dataset, at Place) Object {
	return Object{"datasetId": at.Dataset, "columns": []any{at.Guids[d.Number]}, "limit": 1}
}
