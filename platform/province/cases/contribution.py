from foundation.contributions import Contribution
from province.cases.queries.applicants import phone_of_applicant
from province.citizens.slots import NOTICE_PHONES

contribution = Contribution(NOTICE_PHONES(phone_of_applicant))
