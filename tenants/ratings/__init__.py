"""好差评 (国办发〔2019〕51号): what people say of a case or a visit, once each; what nobody said in time, kept apart;
how a low rating is answered. Villages do not have it. Who has rated stands nowhere: a rating leads to its case
alone."""
