package telegramtest

// wire is a message as the Bot API shows it; deep adds the message it answers.
func (s *Server) wire(c *chat, r *record, deep bool) obj {
	o := obj{"message_id": r.ID, "date": r.Date.Unix(), "chat": c.wire(), "from": r.From.wire()}
	if r.Topic != 0 {
		o["message_thread_id"], o["is_topic_message"] = r.Topic, true
	}
	if r.Edited {
		o["edit_date"] = r.editedAt.Unix()
	}
	if r.album != "" {
		o["media_group_id"] = r.album
	}
	text, marks := "text", "entities"
	if len(r.files) > 0 {
		text, marks = "caption", "caption_entities"
	}
	if r.Text != "" {
		o[text] = r.Text
	}
	if len(r.entities) > 0 {
		o[marks] = r.entities
	}
	for _, f := range r.files {
		k, v := f.wire()
		o[k] = v
	}
	if len(r.Buttons) > 0 {
		o["reply_markup"] = obj{"inline_keyboard": wireButtons(r.Buttons)}
	}
	if to := c.find(r.ReplyTo); deep && to != nil {
		o["reply_to_message"] = s.wire(c, to, false)
	}
	return o
}

func wireButtons(rows [][]Button) [][]obj {
	out := make([][]obj, len(rows))
	for i, row := range rows {
		for _, b := range row {
			if b.URL != "" {
				out[i] = append(out[i], obj{"text": b.Text, "url": b.URL})
				continue
			}
			out[i] = append(out[i], obj{"text": b.Text, "callback_data": b.Data})
		}
	}
	return out
}
