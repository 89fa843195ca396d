/* test_json_shapes.c
 * What is a list of rows, what names a row, and what tells its fate: bodies of our own in the
 * shapes that batch interfaces use, with what a reader of their documentation knows about them; and
 * bodies that look similar but are something else.
 *
 * Bodies are written with ' for ".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "json.h"
#include "unit.h"

static const ms_context batch = {
    .method = "POST",
    .uri = "/batch",
    .http_status = 207,
    .content_type = "application/json",
};

typedef struct {
    const char *name;
    const char *body;
    const char *rows; /* "ok a, failed b+c": outcomes and identifiers, in order */
    ms_verdict verdict;
} shape_row;

static char *with_quotes(const char *body)
{
    char *quoted = g_strdup(body);

    g_strdelimit(quoted, "'", '"');
    return quoted;
}

static char *rows_of(const ms_document *document)
{
    GString *rows = g_string_new(NULL);

    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];

        g_string_append_printf(rows, "%s%s", i > 0 ? ", " : "", ms_outcome_name(response->outcome));
        for (uint32_t j = 0; j < response->hrefs.count; j++)
            g_string_append_printf(rows, "%c%s", j > 0 ? '+' : ' ',
                                   document->hrefs[response->hrefs.first + j].text);
    }
    return g_string_free(rows, FALSE);
}

static void test_shape(const void *data)
{
    const shape_row *row = data;
    char *body = with_quotes(row->body);
    ms_document *document = unit_decode(body, &batch);
    char *rows = rows_of(document);

    unit_check_text("rows", rows, row->rows);
    unit_check_verdict(document, row->verdict);
    unit_check_sound(document, strlen(body));
    g_free(rows);
    ms_document_free(document);
    g_free(body);
}

static const ms_response *row_of(const ms_document *document, const char *href)
{
    uint32_t index = unit_find(document, href);

    return index == MS_NO_RESPONSE ? NULL : &document->responses[index];
}

/* However a body is cut, nothing in it is ok that is not ok in the whole. */
static void check_cut(const char *body, size_t length, const ms_document *whole)
{
    ms_document *cut = unit_decode_bytes(body, length, &batch);

    unit_check_sound(cut, length);
    for (uint32_t i = 0; i < cut->n_responses; i++) {
        const ms_response *response = &cut->responses[i];
        const char *href = cut->hrefs[response->hrefs.first].text;
        const ms_response *same = row_of(whole, href);

        if (response->outcome == MS_OK && *href != '#')
            unit_check(same && same->outcome == MS_OK, "%zu bytes: %s is ok", length, href);
        unit_check(response->complete || response->outcome != MS_OK,
                   "%zu bytes: the row that is cut is ok", length);
    }
    ms_document_free(cut);
}

static void test_cut(const void *data)
{
    char *body = with_quotes(((const shape_row *)data)->body);
    ms_document *whole = unit_decode(body, &batch);

    unit_check_parts(body, &batch);
    for (size_t length = 1; length < strlen(body); length++)
        check_cut(body, length, whole);
    ms_document_free(whole);
    g_free(body);
}

/* ---- lists of rows ---- */

static const shape_row rows[] = {
    {"homekit-all-fine",
     "{'characteristics':[{'aid':1,'iid':2,'status':0},{'aid':1,'iid':3,'status':0}]}",
     "ok 1.2, ok 1.3", MS_SUCCESS},
    {"duplicates", "{'inserted':['a'],'duplicates':['b']}", "ok a, failed b", MS_PARTIAL},
    {"reason-is-a-problem",
     "{'updated':['a'],'notUpdated':[{'entityId':'u','reason':{'title':'NF','status':404}}]}",
     "ok a, missing u", MS_PARTIAL},
    {"words-beside-an-error",
     "{'envelopes':[{'envelopeId':'e1','status':'sent'},{'envelopeId':'e2','errorDetails':{"
     "'errorCode':'GONE','message':'m'}}]}",
     "ok e1, failed e2", MS_PARTIAL},
    {"finished-and-acknowledged",
     "[{'id':1,'import_status':'finished'},{'id':2,'status':'acknowledged'}]", "ok 1, ok 2",
     MS_SUCCESS},
    {"insufficient-funds", "[{'id':1,'status':'INSUFFICIENT_FUNDS'},{'id':2,'status':'expired'}]",
     "failed 1, unknown 2", MS_FAILURE},
    {"camel-and-snake",
     "[{'ID':1,'STATUS-CODE':200},{'Id':2,'httpStatusCode':409},{'id':3,'http_status':'404'},"
     "{'id':4,'StatusCode':'500 Internal Server Error'}]",
     "ok 1, failed 2, missing 3, failed 4", MS_PARTIAL},
    {"any-name-plain-fates",
     "{'lights':[{'id':'l1','status':'ok'},{'id':'l2','status':'timed_out'}]}", "ok l1, failed l2",
     MS_PARTIAL},
    {"multi-status-with-error-text",
     "{'error':'Some could not be processed','multi-status':[{'id':'r1','status':'success'},"
     "{'id':'r2','status':'failure','statusCode':422,'error':'too late'}]}",
     "ok r1, failed r2", MS_PARTIAL},
    {"multiple-status", "{'multipleStatus':[{'id':'8:u1','statusCode':201,'type':'Member'}]}",
     "ok 8:u1", MS_SUCCESS},
    {"list-called-status",
     "{'status':[{'product_id':'p1','status':'error','error':'no category'},"
     "{'product_id':'p2','status':'OK'}]}",
     "failed p1, ok p2", MS_PARTIAL},
    {"flags-in-any-list",
     "{'status':207,'data':{'order_id':'o1','status':'PARTIAL_SUCCESS','lines':["
     "{'sku':'S-1','accepted':true},{'sku':'S-2','accepted':false,'reason':'sold out'}]}}",
     "ok S-1, failed S-2", MS_PARTIAL},
    {"nodes-with-ok",
     "{'success':true,'data':{'id':'srv','nodes':[{'nodeId':'n1','ok':true},"
     "{'nodeId':'n2','ok':false}]}}",
     "ok n1, failed n2", MS_PARTIAL},
    {"rows-deeper", "{'data':{'results':[{'id':'a','code':'OK'},{'id':'b','code':'NOT_FOUND'}]}}",
     "ok a, failed b", MS_PARTIAL},
    {"result-in-row",
     "{'response':{'items':[{'key':'k1','result':{'status':200}},"
     "{'key':'k2','result':{'status':503,'message':'busy'}}]}}",
     "ok k1, failed k2", MS_PARTIAL},
    {"body-in-row",
     "[{'symbol':'AAA','status':200,'body':{'id':'77','symbol':'AAA','status':'accepted'}},"
     "{'symbol':'BBB','status':404,'body':{'code':40410000,'message':'position not found'}}]",
     "ok AAA, missing BBB", MS_PARTIAL},
    {"response-status-lines",
     "{'resourceType':'Bundle','type':'batch-response','entry':[{'response':{'status':'201 "
     "Created',"
     "'location':'Patient/1/_history/1'}},{'fullUrl':'urn:uuid:2','response':{'status':'422',"
     "'outcome':{'resourceType':'OperationOutcome'}}}]}",
     "ok Patient/1/_history/1, failed urn:uuid:2", MS_PARTIAL},
    {"status-object",
     "{'Operations':[{'bulkId':'q1','status':{'code':'201'}},{'bulkId':'q2','status':{'code':'409',"
     "'description':'exists'}}]}",
     "ok q1, failed q2", MS_PARTIAL},
    {"status-of-a-call",
     "{'results':[{'name':'a','status':{'code':0}},{'name':'b','status':{'code':5,"
     "'message':'no such thing'}}]}",
     "ok a, failed b", MS_PARTIAL},
    {"substatus",
     "{'Items':[{'WebId':'w1','Substatus':204},{'WebId':'w2','Substatus':502,"
     "'Errors':['no write access']}]}",
     "ok w1, failed w2", MS_PARTIAL},
    {"return-codes",
     "[{'name':'a','returnCode':0},{'name':'b','returnCode':17},{'name':'c','resultCode':'0000'}]",
     "ok a, failed b, ok c", MS_PARTIAL},
    {"below-zero",
     "{'characteristics':[{'aid':1,'iid':11,'status':0},{'aid':1,'iid':12,'status':-70402}]}",
     "ok 1.11, failed 1.12", MS_PARTIAL},
    {"below-zero-all", "{'characteristics':[{'aid':4,'iid':2,'status':-70403}]}", "failed 4.2",
     MS_FAILURE},
    {"error-codes-none",
     "{'Entries':[{'EventId':'e1'},{'ErrorCode':'Throttled','ErrorMessage':'slow down'}]}",
     "ok e1, failed #2", MS_PARTIAL},
    {"error-code-null",
     "{'offsets':[{'partition':0,'error_code':null},{'partition':1,"
     "'error_code':50002,'error':'timed out'}]}",
     "ok #1, failed #2", MS_PARTIAL},
    {"report-item-type",
     "[{'reportItemType':'SUCCESS','entity':'S1~e1/1'},{'reportItemType':'ERROR','entity':'S1~e1/"
     "2'}]",
     "ok S1~e1/1, failed S1~e1/2", MS_PARTIAL},
    {"words-in-code",
     "{'data':[{'code':'SUCCESS','details':{'id':'554'},'status':'success','message':'added'},"
     "{'code':'MANDATORY_NOT_FOUND','details':{'api_name':'Last'},'status':'error'}]}",
     "ok 554, failed #2", MS_PARTIAL},
    {"result-or-error",
     "[{'jsonrpc':'2.0','id':1,'result':{'x':7}},{'jsonrpc':'2.0','id':2,'error':{'code':-32601,"
     "'message':'no such method'}}]",
     "ok 1, failed 2", MS_PARTIAL},
    {"exceptions",
     "{'items':[{'data':{'id':'90'},'exceptions':[]},{'data':null,'exceptions':[{'code':29,"
     "'message':'not allowed'}]}]}",
     "ok 90, failed #2", MS_PARTIAL},
    {"channel-errors",
     "{'successCount':1,'failureCount':1,'results':[{'channel':'c1','messageId':'m'},"
     "{'channel':'c2','error':{'code':40160,'statusCode':401,'href':'https://help/40160'}}]}",
     "ok c1, failed c2", MS_PARTIAL},
    {"sub-status-and-object",
     "{'request_status':'PARTIAL','campaigns':[{'sub_request_status':'SUCCESS','campaign':{'id':'"
     "c1'}},"
     "{'sub_request_status':'ERROR','sub_request_error_reason':'bad'}]}",
     "ok c1, failed #2", MS_PARTIAL},
    {"document-database",
     "[{'ok':true,'id':'d1','rev':'1-a'},{'id':'d2','error':'conflict','reason':'update "
     "conflict'}]",
     "ok d1, failed d2", MS_PARTIAL},
    {"settings",
     "[{'code':200,'objectId':'o1'},{'code':400,'error':{'code':400,'message':'bad',"
     "'constraintViolations':[{'path':'x','message':'y'}]},'invalidValue':{'a':1}}]",
     "ok o1, failed #2", MS_PARTIAL},
    {"import-lines",
     "{'line':1,'identifier':'cap','status_code':204}\n{'line':2,'identifier':'mug',"
     "'status_code':422,'message':'no family'}\n",
     "ok cap, failed mug", MS_PARTIAL},
    {"import-flags", "{'success':true}\n{'success':false,'error':'Bad JSON.'}\n{'success':true}",
     "ok #1, failed #2, ok #3", MS_PARTIAL},
    {"not-run",
     "{'failed':'validation','responses':[null,{'status':400,'body':{'code':'rest_invalid',"
     "'message':'x'}}]}",
     "unknown #1, failed #2", MS_FAILURE},
    {"nothing-wrong-is-null", "[null,{'Substatus':502,'Errors':['no write access']}]",
     "unknown #1, failed #2", MS_FAILURE},
    {"flag-and-own-status",
     "{'users':[{'id':1,'status':'active','success':true},{'id':2,'status':'active','success':"
     "false}]}",
     "ok 1, failed 2", MS_PARTIAL},
    {"own-status-within",
     "{'results':[{'id':'o1','state':'open','statusCode':200},{'id':'o2','orderStatus':'draft',"
     "'statusCode':409}]}",
     "ok o1, failed o2", MS_PARTIAL},
    {"error-that-is-none",
     "{'data':[{'id':1,'error':{'code':'ok','message':''}},{'id':2,'error':{'code':'quota',"
     "'message':'full'}}]}",
     "ok 1, failed 2", MS_PARTIAL},
    {"has-errors", "[{'id':1,'hasErrors':false},{'id':2,'hasErrors':true}]", "ok 1, failed 2",
     MS_PARTIAL},
    {"counts-in-rows",
     "[{'id':1,'status':'success','failed':0},{'id':2,'status':'success','failed':3}]",
     "ok 1, failed 2", MS_PARTIAL},
    {"undecided",
     "[{'id':1,'status':'PENDING'},{'id':2,'status':'IN_PROGRESS'},"
     "{'id':3,'status':'PARTIALLY_COMPLETED'},{'id':4,'status':'SUCCESS'}]",
     "unknown 1, unknown 2, unknown 3, ok 4", MS_BENIGN},
    {"state-beside-errors",
     "{'results':[{'id':1,'state':'pending'},{'id':2,'error':'x'},{'id':3,'state':'done'}]}",
     "unknown 1, failed 2, ok 3", MS_PARTIAL},
    {"details-of-one-problem",
     "{'error':{'code':400,'message':'x','details':[{'code':'E1','message':'a','target':'f'},"
     "{'code':'E2','message':'b','target':'g'}]}}",
     "failed #1", MS_FAILURE},
    {"warnings-of-a-row",
     "{'results':[{'id':1,'status':'ok','warnings':[{'code':'W','status':'error'}]}]}", "ok 1",
     MS_SUCCESS},
    {"a-status-of-207", "[{'id':1,'status':207},{'id':2,'status':200}]", "unknown 1, ok 2",
     MS_BENIGN},
    {"map-of-answers",
     "{'responses':{'k1':{'customer':{'id':'c'}},'k2':{'errors':[{'code':'BAD'}]}}}",
     "ok k1, failed k2", MS_PARTIAL},
    {"map-of-words", "{'results':{'a.txt':'created','b.txt':'failed'}}", "ok a.txt, failed b.txt",
     MS_PARTIAL},
    {"map-of-numbers", "{'statuses':{'17':200,'18':404}}", "ok 17, missing 18", MS_PARTIAL},
    {"map-of-services",
     "{'status':'degraded','services':{'db':{'status':'ok'},'queue':{'status':'error'}}}",
     "ok db, failed queue", MS_PARTIAL},
    {"verbs",
     "{'create':[{'id':7,'name':'a'},{'id':0,'error':{'code':'exists','data':{'status':400}}}]}",
     "ok 7, failed 0", MS_PARTIAL},
    {"listed-twice",
     "{'results':[{'id':1,'status':200},{'id':2,'status':404}],'errors':[{'id':2,'message':'gone'}]"
     "}",
     "ok 1, missing 2", MS_PARTIAL},
    {"summed-up",
     "{'items':[{'id':1,'status':'ok'},{'id':2,'status':'error'}],'errors':['1 of 2 failed']}",
     "ok 1, failed 2", MS_PARTIAL},
    {"composite",
     "{'compositeResponse':[{'body':{'id':'1','success':true,'errors':[]},'httpStatusCode':201,"
     "'referenceId':'refA'},{'body':[{'message':'bad','errorCode':'MALFORMED'}],'httpStatusCode':"
     "400,"
     "'referenceId':'refB'}]}",
     "ok refA, failed refB", MS_PARTIAL},
    {"status-of-an-answer",
     "[{'_responsedata':{'num':'1'},'_responsemeta':{'status':'204'}},{'_responsedata':{},"
     "'_responsemeta':{'status':'400'}}]",
     "ok #1, failed #2", MS_PARTIAL},
    {"codes-of-its-own",
     "[{'code':'SUCCESS','keywordId':1},{'code':'DUPLICATE_VALUE','keywordId':2}]",
     "ok 1, failed 2", MS_PARTIAL},
    {"offer-and-field",
     "{'tasks':[{'field':'publication','offer':{'id':'1'},'status':'FAIL'},{'offer':{'id':'2'},"
     "'status':'SUCCESS'}]}",
     "failed 1, ok 2", MS_PARTIAL},
    {"messages-sent",
     "{'Messages':[{'Status':'success','To':[{'Email':'a@x'}]},{'Status':'error','Errors':["
     "{'ErrorCode':'send-0003'}]}]}",
     "ok #1, failed #2", MS_PARTIAL},
    {"error-indexes",
     "{'results':[{'id':'a','success':true},{'id':'b','success':false}],'errorCount':1,"
     "'errorIndexes':[1]}",
     "ok a, failed b", MS_PARTIAL},
    {"validation-errors",
     "[{'id':1,'validationErrors':[]},{'id':2,'validationErrors':['too long']}]", "ok 1, failed 2",
     MS_PARTIAL},
    {"one-thing", "{'id':'x7','status':201}", "ok x7", MS_SUCCESS},
    {"one-thing-half-done",
     "{'status':207,'data':{'type':'reaction','value':'smile'},'error':{'message':'not "
     "published'}}",
     "failed #1", MS_FAILURE},
    {"map-of-codes-alone", "{'/a':200,'/b':404}", "ok /a, missing /b", MS_PARTIAL},
    {"two-maps-of-the-same",
     "{'results':{'1':{'status':204},'2':{'status':403}},"
     "'statuses':{'1':204,'2':403}}",
     "ok 1, failed 2", MS_PARTIAL},
    {"two-maps-of-others", "{'results':{'1':{'status':204}},'statuses':{'2':403}}",
     "ok 1, failed 2", MS_PARTIAL},
    {"states",
     "{'requestStatusList':[{'requestId':'1','requestState':'COMPLETE'},"
     "{'requestId':'2','requestState':'FAILED'}]}",
     "ok 1, failed 2", MS_PARTIAL},
    {"multistatus-in-json",
     "{'multistatus':{'response':[{'href':'/a','propstat':{'prop':{'x':1},"
     "'status':'HTTP/1.1 200 OK'}},{'href':'/b','status':'HTTP/1.1 423 Locked'}]}}",
     "ok /a, failed /b", MS_PARTIAL},
    {"empty-error-wrapped",
     "[{'sku':'A','status':'SUCCESS','errors':{'error':[]}},"
     "{'sku':'B','status':'SUCCESS','errors':{'error':[{'code':'E1'}]}}]",
     "ok A, failed B", MS_PARTIAL},
    {"sequence", "\x1e{'id':'a','status':201}\n\x1e{'id':'b','status':409}\n", "ok a, failed b",
     MS_PARTIAL},
    {"most-errors-allowed", "{'results':[{'id':1,'maxErrors':10,'status':200}]}", "ok 1",
     MS_SUCCESS},
};

/* ---- lists of successes and of failures ---- */

static const shape_row sides[] = {
    {"grouped",
     "{'campaigns':{'success':[{'index':0,'campaignId':'9'}],'error':[{'index':1,"
     "'errors':[{'errorType':'x'}]}]},'ads':{'success':[],'error':[{'index':0,'errors':[]}]}}",
     "ok 9, failed 1, failed 0", MS_PARTIAL},
    {"indexed",
     "{'success':[{'index':1,'message':'Success'}],'error':[{'index':2,"
     "'httpStatusCode':'400','subErrors':[{'errorCode':400,'errorMessage':'bad'}]}]}",
     "ok 1, failed 2", MS_PARTIAL},
    {"capitals",
     "{'Successful':[{'Id':'m1','MessageId':'x'}],'Failed':[{'Id':'m2','Code':'Internal',"
     "'SenderFault':false}]}",
     "ok m1, failed m2", MS_PARTIAL},
    {"not-updated",
     "{'updated':['https://x/temp'],'notUpdated':[{'attributeName':'https://x/y',"
     "'reason':'exists'}]}",
     "ok https://x/temp, failed https://x/y", MS_PARTIAL},
    {"not-created-maps",
     "{'created':{'k1':{'id':'M1'}},'notCreated':{'k2':{'type':'overQuota',"
     "'description':'full'}}}",
     "ok k1, failed k2", MS_PARTIAL},
    {"method-responses",
     "{'methodResponses':[['Email/set',{'accountId':'u','updated':{'e1':null},'notUpdated':{'e2':"
     "{'type':'notFound'}}},'c1']]}",
     "ok e1, failed e2", MS_PARTIAL},
    /* A name alone is no hint, but together with its opposite it is. */
    {"opposites", "{'enrolled':['u1','u2'],'notEnrolled':['u3']}", "ok u1, ok u2, failed u3",
     MS_PARTIAL},
    {"opposites-non", "{'compliant':[{'id':1}],'non_compliant':[{'id':2}]}", "ok 1, failed 2",
     MS_PARTIAL},
    {"no-opposites", "{'tags':['u1'],'notEnrolled':['u3']}", "failed u3", MS_FAILURE},
    {"null-for-none", "{'updated':{'e1':null},'notUpdated':null}", "ok e1", MS_SUCCESS},
    {"affixes",
     "{'success':false,'data':{'totalRows':3,'successfulUsers':[{'id':'u1','name':'A'}],"
     "'failedRows':[{'rowNumber':3,'name':'Jane Doe','email':'j@example.org','error':'exists'}]}}",
     "ok u1, failed Jane Doe", MS_PARTIAL},
    {"several-kinds",
     "{'new_members':[{'id':'a','email':'a@x'}],'updated_members':[{'id':'b'}],'errors':["
     "{'email_address':'c@x','error':'bounced','error_code':'ERR'}],'total_created':1}",
     "ok a, ok b, failed c@x", MS_PARTIAL},
    {"affected-items",
     "{'data':{'affected_items':['001'],'failed_items':[{'error':{'code':1701,'message':'no "
     "agent'},"
     "'id':['998','999']}],'total_failed_items':1},'error':2}",
     "ok 001, failed 998+999", MS_PARTIAL},
    {"failed-map",
     "{'statusCode':207,'body':{'details':{'failed_resources':{'arn:x':{'ErrorCode':'Denied'}}}}}",
     "failed arn:x", MS_FAILURE},
    {"failed-emails", "{'message':'some failed','failedEmails':['a@x','b@x'],'success':false}",
     "failed a@x, failed b@x", MS_FAILURE},
    {"periods",
     "{'succeeded':['2026-01','2025-12'],'failed':[{'period':'2025-11',"
     "'error':'Rate exceeded'}],'skipped':[]}",
     "ok 2026-01, ok 2025-12, failed 2025-11", MS_PARTIAL},
    {"batch-results-map",
     "{'results':{'1':{'status':204},'2':{'status':201}},'errors':{'3':{'status':404}}}",
     "ok 1, ok 2, missing 3", MS_PARTIAL},
    {"data-and-errors",
     "{'data':[{'rid':'r1','rtype':'light'}],'errors':[{'description':"
     "'device is soft off'}]}",
     "ok r1, failed #2", MS_PARTIAL},
    {"files-and-errors",
     "{'partial':true,'files':[{'id':'f1','name':'a.txt'}],'errors':[{'fileName':'b.txt',"
     "'error':'too big'}]}",
     "ok f1, failed b.txt", MS_PARTIAL},
    {"resource-with-own-status",
     "{'data':[{'id':'p1','status':'draft'},{'id':'p2','status':'archived'}],'errors':[{'id':'p3'}]"
     "}",
     "ok p1, ok p2, failed p3", MS_PARTIAL},
    {"succeeded-with-own-status", "{'created':[{'id':1,'status':'failed'}],'errors':[{'id':2}]}",
     "ok 1, failed 2", MS_PARTIAL},
    {"rows-that-say-error",
     "{'results':[{'id':1,'status':'ok'},{'id':2,'status':'invalid'}],'errors':[{'id':3}]}",
     "ok 1, failed 2, failed 3", MS_PARTIAL},
    {"failure-and-wrapped-successes", "{'data':{'created':[{'id':1}]},'errors':[{'id':2}]}",
     "failed 2, ok 1", MS_PARTIAL},
    {"query-with-paths",
     "{'data':{'a':{'id':1},'b':null,'c':{'id':3}},'errors':[{'message':'no','path':['b']},"
     "{'message':'half','path':['c',0,'name']}]}",
     "ok a, ok c, failed b, failed c/0/name", MS_PARTIAL},
    {"pointers",
     "{'data':[{'type':'t','id':'1'}],'errors':[{'status':'404','source':{'pointer':"
     "'/data/1'}}]}",
     "ok 1, missing /data/1", MS_PARTIAL},
    {"by-place", "{'data':[{'id':'a'},null],'errors':[null,{'message':'no'}]}", "ok a, failed #2",
     MS_PARTIAL},
    {"errors-by-place", "{'errors':[null,{'message':'no'},[]]}", "ok #1, failed #2, ok #3",
     MS_PARTIAL},
    {"nested-errors", "{'errors':{'a1':['too long','too dull'],'b2':['missing']}}",
     "failed a1, failed b2", MS_FAILURE},
    {"counted-only", "{'accepted':2,'rejected':1,'errors':[{'eventId':'ev3','code':'INVALID'}]}",
     "failed ev3", MS_FAILURE},
    {"batch-index", "{'errors':[{'batch_index':1,'reason':'invalid','field':'email'}]}", "failed 1",
     MS_FAILURE},
    {"sentences", "{'imported':2,'errors':['Row 3: no name']}", "failed #1", MS_FAILURE},
    {"problems",
     "{'title':'Multi-Status','status':207,'detail':'two problems','errors':[{'code':'500',"
     "'title':'Internal Server Error'},{'code':'3456','title':'Bad'}]}",
     "failed #1, failed #2", MS_FAILURE},
    {"repeated-across", "{'success':['a','b'],'created':['a'],'failed':['c']}",
     "ok a, ok b, failed c", MS_PARTIAL},
    {"issues-and-errors",
     "{'issues':[{'id':'10000','key':'ED-24'}],'errors':[{'status':400,'elementErrors':{'errors':"
     "{'project':'is required'}},'failedElementNumber':1}]}",
     "ok 10000, failed 1", MS_PARTIAL},
    {"serviced",
     "{'serviced_requests':[{'id':'1','status_code':200},{'id':'2','status_code':404}],"
     "'unserviced_requests':['3']}",
     "ok 1, missing 2, failed 3", MS_PARTIAL},
    {"success-list",
     "{'error':'','response':{'success_list':[{'item_id':7}],'failure_list':[{'item_id':8,"
     "'failed_reason':'x'}]}}",
     "ok 7, failed 8", MS_PARTIAL},
    {"valid-records",
     "{'records':[{'name':'a'}],'valid_records':[{'name':'a'}],'invalid_records':[{'name':'b'}]}",
     "ok a, failed b", MS_PARTIAL},
    {"errors-by-indices",
     "{'new_count':1,'persisted_recipients':['YU='],'error_indices':[2],'errors':[{'message':'bad',"
     "'error_indices':[2]}]}",
     "ok YU=, failed 2", MS_PARTIAL},
    {"data-in-data", "{'data':{'items':[{'id':1}]},'errors':{'2':['bad']}}", "ok 1, failed 2",
     MS_PARTIAL},
    {"verb-lists",
     "{'create':[{'id':1},{'id':2,'error':{'code':'x'}}],'update':[{'id':5,'name':'b'}]}",
     "ok 1, failed 2, ok 5", MS_PARTIAL},
    {"lists-with-counts",
     "{'success':{'count':2,'items':[{'id':1},{'id':2}]},'failure':{'count':1,'items':[{'id':3,"
     "'message':'x'}]}}",
     "ok 1, ok 2, failed 3", MS_PARTIAL},
    {"lists-of-ids", "{'successful':{'ids':[1,2]},'failed':{'ids':[3]}}", "ok 1, ok 2, failed 3",
     MS_PARTIAL},
    {"all-lists-empty", "{'created':[],'errors':[]}", "", MS_EMPTY},
    {"failures-in-a-header",
     "{'responseHeader':{'errors':[{'type':'ADD','id':'5','message':'x'}],"
     "'status':0}}",
     "failed 5", MS_FAILURE},
    {"messages-beside-errors",
     "{'messages':[{'id':'m1','status':'sent'}],"
     "'errors':[{'id':'m2','message':'x'}]}",
     "ok m1, failed m2", MS_PARTIAL},
    {"messages-about-errors",
     "{'messages':[{'id':'m1','text':'see below'}],"
     "'errors':[{'id':'m2','message':'x'}]}",
     "failed m2", MS_FAILURE},
    {"named-reasons", "{'success':['a'],'failed':[{'b':'not found'}]}", "ok a, failed b",
     MS_PARTIAL},
};

/* ---- what names a row ---- */

static const shape_row identifiers[] = {
    {"link-to-itself",
     "{'_embedded':{'results':[{'_links':{'self':{'href':'/o/1'},'next':{'href':'/o/"
     "2'}},'status':201"
     "},{'links':{'self':'/o/2'},'status':422}]}}",
     "ok /o/1, failed /o/2", MS_PARTIAL},
    {"link-to-another", "[{'status':422,'_links':{'documentation':{'href':'/help'}}}]", "failed #1",
     MS_FAILURE},
    {"path-in-a-flag",
     "[{'success':{'/lights/1/on':true}},{'error':{'address':'/lights/2/on','description':'m'}}]",
     "ok /lights/1/on, failed /lights/2/on", MS_PARTIAL},
    {"word-in-a-flag", "[{'success':{'done':true}},{'error':{'address':'/b','description':'m'}}]",
     "ok #1, failed /b", MS_PARTIAL},
    {"pairs-of-name-and-status",
     "{'Number Deleted':1,'Errors':[['/c/a','403 Forbidden'],['/c/b','is gone']]}",
     "failed /c/a, failed /c/b", MS_FAILURE},
    {"texts-that-are-no-pair", "{'Errors':[['is gone','for good'],['a','b','c']]}",
     "failed #1, failed #2", MS_FAILURE},
    {"etag", "[{'statusCode':201,'etag':'W/x'},{'statusCode':409,'checksum':'ab'}]",
     "ok #1, failed #2", MS_PARTIAL},
    {"debug-id", "{'errors':[{'name':'NOT_FOUND','debug_id':'46735c','message':'m'}]}", "failed #1",
     MS_FAILURE},
    {"constant-that-is-a-name", "[{'name':'MAX_SIZE','status':400}]", "failed MAX_SIZE",
     MS_FAILURE},
    {"exception-name", "{'errors':[{'context':'a','exceptionName':'com.x.Y','message':'m'}]}",
     "failed a", MS_FAILURE},
    {"kind-is-error", "{'results':[{'object':'error','status':404,'code':'x','message':'m'}]}",
     "missing #1", MS_FAILURE},
    {"own-before-error",
     "[{'status':400,'sku':'B2','errors':[{'errorId':25709,'id':7,'key':'k'}]}]", "failed B2",
     MS_FAILURE},
    {"no-number-of-an-error", "[{'status':400,'errors':[{'errorId':25709,'key':9,'id':3}]}]",
     "failed #1", MS_FAILURE},
    {"no-page-of-an-error", "[{'status':400,'error':{'href':'https://help/x','code':'E'}}]",
     "failed #1", MS_FAILURE},
    {"resource-of-an-error", "[{'status':409,'error':{'entityId':'urn:7'}}]", "failed urn:7",
     MS_FAILURE},
    {"index-before-error", "[{'index':3,'errors':[{'id':'x'}]}]", "failed 3", MS_FAILURE},
    {"id-before-index", "[{'index':3,'orderId':'o','status':200}]", "ok o", MS_SUCCESS},
    {"id-before-request-id", "[{'requestId':'r','orderId':'o','status':200}]", "ok o", MS_SUCCESS},
    {"empty-id", "[{'applicationId':'','filename':'a.pdf','status':'error'}]", "failed a.pdf",
     MS_FAILURE},
    {"null-id", "[{'id':null,'path':'/a','status':500}]", "failed /a", MS_FAILURE},
    {"names",
     "[{'symbol':'A','status':200},{'fileName':'b','status':200},{'rid':'c','status':200},"
     "{'uuid':'d','status':200},{'name':'e','status':200},{'shipmentNo':'f','status':200},"
     "{'resource_uri':1,'email':'g','status':200},{'externalReference':'h','status':200},"
     "{'itemKey':'i','status':200},{'@odata.id':'j','status':200},{'entity':'k','status':200}]",
     "ok A, ok b, ok c, ok d, ok e, ok f, ok g, ok h, ok i, ok j, ok k", MS_SUCCESS},
    {"nested",
     "[{'status':200,'service_association':{'concept_id':'SA'},'associated_item':"
     "{'concept_id':'C5'}},{'status':400,'errors':['x'],'associated_item':{'concept_id':'C6'}}]",
     "ok C5, failed C6", MS_PARTIAL},
    {"object-for-id", "[{'item':{'id':'i1'},'status':200},{'resource':'r2','status':404}]",
     "ok i1, missing r2", MS_PARTIAL},
    {"several", "[{'ids':[1,2],'status':200},{'userIds':['x'],'status':409}]", "ok 1+2, failed x",
     MS_PARTIAL},
    {"not-a-name", "[{'typeId':4,'errorKey':'k','traceId':'t','correlationId':'c','status':200}]",
     "ok #1", MS_SUCCESS},
    {"of-details-and-no-kind",
     "[{'kind':'Status','status':'Success',"
     "'details':{'name':'web-1','kind':'pods'}},{'kind':'Status','status':'Failure','code':404}]",
     "ok web-1, missing #2", MS_PARTIAL},
    {"details-of-a-conflict", "[{'status':409,'details':{'conflictingId':'c7'}}]", "failed #1",
     MS_FAILURE},
    {"version-of-the-protocol",
     "[{'jsonrpc':'2.0','result':7,'id':1},"
     "{'jsonrpc':'2.0','error':{'code':-32600},'id':null}]",
     "ok 1, failed #2", MS_PARTIAL},
    {"name-of-an-error",
     "[{'name':'ValidationError','message':'x','status':400},"
     "{'name':'errors.txt','status':400}]",
     "failed #1, failed errors.txt", MS_FAILURE},
    {"goods-before-the-shop", "[{'request':{'MarketplaceId':'A1','SellerSKU':'S1'},'status':200}]",
     "ok S1", MS_SUCCESS},
};

/* ---- no rows ---- */

static const shape_row no_rows[] = {
    {"states-that-are-0", "{'devices':[{'id':1,'status':0},{'id':2,'status':0}]}", "",
     MS_UNDECODED},
    {"resources-in-words", "{'envelopes':[{'id':1,'status':'sent'},{'id':2,'status':'delivered'}]}",
     "", MS_UNDECODED},
    {"resources-with-other-words", "{'users':[{'id':1,'status':'active'},{'id':2,'error':'m'}]}",
     "", MS_UNDECODED},
    {"links", "{'links':[{'rel':'self','href':'/a','status':200}]}", "", MS_UNDECODED},
    {"warnings", "{'warnings':[{'code':299,'message':'old','status':'error'}]}", "", MS_UNDECODED},
    {"resources", "{'users':[{'id':1,'status':'active'},{'id':2,'status':'inactive'}]}", "",
     MS_UNDECODED},
    {"orders", "{'orders':[{'id':1,'state':'open'},{'id':2,'state':'shipped'}]}", "", MS_UNDECODED},
    {"countries", "{'countries':[{'code':'DE','name':'Germany'},{'code':'FR','name':'France'}]}",
     "", MS_UNDECODED},
    {"countries-alone", "[{'code':'DE','name':'Germany'},{'code':'FR','name':'France'}]", "",
     MS_UNDECODED},
    {"products",
     "{'items':[{'code':404,'name':'Bolt','price':3},{'code':'x','name':'Nut'}],"
     "'page':{'number':1}}",
     "", MS_UNDECODED},
    {"settings", "{'data':{'port':443,'timeout':300,'retries':{'max':404}}}", "", MS_UNDECODED},
    {"schema", "{'schema':{'fields':[{'name':'a','valid':true}]},'total':2}", "", MS_UNDECODED},
    {"message", "{'message':'partly done'}", "", MS_UNDECODED},
    {"partial-word", "{'status':'partial_success','message':'2 of 3'}", "", MS_UNDECODED},
    {"flag-alone", "{'success':false,'message':'some failed'}", "", MS_UNDECODED},
    {"created-by", "{'id':'a','createdBy':{'id':'u'},'updated':{'at':'2026-01-01','by':'x'}}", "",
     MS_UNDECODED},
    {"identifiers", "{'items':[{'id':1},{'id':2}],'total':2}", "", MS_UNDECODED},
    {"text-for-data", "{'data':[{'type':'cancel_status','text':'conflict','value':false}]}", "",
     MS_UNDECODED},
    {"parts",
     "{'payment':{'id':'p','amount':3},'message':'order update failed','orderUpdate':{'note':'x'}}",
     "", MS_UNDECODED},
    {"deleted-or-not", "{'users':[{'id':1,'deleted':false},{'id':2,'deleted':true}]}", "",
     MS_UNDECODED},
    {"deleted-items", "{'items':[{'id':1,'deleted':false},{'id':2,'deleted':true}]}", "",
     MS_UNDECODED},
    {"statistics", "{'queues':[{'name':'q1','failed':3,'completed':10},{'name':'q2','failed':0}]}",
     "", MS_UNDECODED},
    {"logins-of-users",
     "{'users':[{'id':1,'logins':[{'id':5,'success':true},{'id':6,'success':false}]}]}", "",
     MS_UNDECODED},
    {"errors-of-forms", "{'forms':[{'id':1,'answers':[{'errors':['x']}]}]}", "", MS_UNDECODED},
    {"job", "{'id':'job-1','status':'completed','results':{'total':5,'ok':3,'failed':2}}", "",
     MS_UNDECODED},
    {"page-of-things",
     "{'data':[{'id':1,'name':'x'}],'links':{'next':'/x','errors':[]},'meta':{'total':1}}", "",
     MS_UNDECODED},
    {"schema-of-words", "{'properties':{'status':{'type':'string','enum':['ok','failed']}}}", "",
     MS_UNDECODED},
    {"switches", "{'features':{'a':true,'b':false}}", "", MS_UNDECODED},
    {"error-in-words", "{'error':'partial','message':'x','status':207}", "", MS_UNDECODED},
    {"two-on-a-line", "{'id':1,'status':200} {'id':2,'status':200}", "ok 1", MS_MALFORMED},
    {"refused-whole", "{'ocs':{'meta':{'status':'failure','message':'Log in'},'data':[]}}", "",
     MS_UNDECODED},
    {"nothing-to-do", "{'ocs':{'meta':{'status':'ok','message':'OK'},'data':[]}}", "", MS_EMPTY},
    {"switches-of-versions", "{'utf8':true,'http2':false}", "", MS_UNDECODED},
    {"switches-in-words", "{'http2':'enabled','ipv6':'failed'}", "", MS_UNDECODED},
    {"numbers-of-something", "{'rate/limit':300}", "", MS_UNDECODED},
    {"header-alone", "{'responseHeader':{'status':0,'maxErrors':10,'errors':[]}}", "",
     MS_UNDECODED},
};

/* ---- words ---- */

static void test_words(void)
{
    static const struct {
        const char *word;
        ms_said said;
    } words[] = {
        {"SUCCESS", MS_SAID_OK},
        {"Successfully_Created", MS_SAID_OK},
        {"created", MS_SAID_OK},
        {"itemCreated", MS_SAID_OK},
        {"NO_ERROR", MS_SAID_OK},
        {"completed without errors", MS_SAID_OK},
        {"No Content", MS_SAID_OK},
        {"offline", MS_SAID_FAILED},
        {"timed_out", MS_SAID_FAILED},
        {"TimedOut", MS_SAID_FAILED},
        {"TIMEOUT", MS_SAID_FAILED},
        {"NOT_FOUND", MS_SAID_FAILED},
        {"notFound", MS_SAID_FAILED},
        {"badRequest", MS_SAID_FAILED},
        {"not created", MS_SAID_FAILED},
        {"VALIDATION_ERROR", MS_SAID_FAILED},
        {"INVALID_ARGUMENT", MS_SAID_FAILED},
        {"completed_with_errors", MS_SAID_FAILED},
        {"throttled", MS_SAID_FAILED},
        {"TOO_MANY_REQUESTS", MS_SAID_FAILED},
        {"ROLLED_BACK", MS_SAID_COLLATERAL},
        {"cancelled", MS_SAID_COLLATERAL},
        {"FAILED_DEPENDENCY", MS_SAID_COLLATERAL},
        {"pending", MS_SAID_UNREADABLE},
        {"PARTIAL_SUCCESS", MS_SAID_UNREADABLE},
        {"partially failed", MS_SAID_UNREADABLE},
        {"not modified", MS_SAID_UNREADABLE},
        {"NOT_REQUIRED", MS_SAID_UNREADABLE},
        {"multi-status", MS_SAID_UNREADABLE},
        {"skipped", MS_SAID_UNREADABLE},
        {"duplicate", MS_SAID_UNREADABLE},
        {"2 failed", MS_SAID_UNREADABLE},
        {"the last one was created", MS_SAID_UNREADABLE},
        {"to be created", MS_SAID_UNREADABLE},
        {"", MS_SAID_UNREADABLE},
        {"\xC3\xA4", MS_SAID_UNREADABLE},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        unit_check(ms_json_word(words[i].word) == words[i].said, "%s says %d", words[i].word,
                   ms_json_word(words[i].word));
}

/* ---- what is said when all that is listed failed ---- */

static void test_all_failed(void)
{
    static const struct {
        const char *body, *message;
    } bodies[] = {
        {"{'ok':1,'n':1,'writeErrors':[{'index':1,'code':11000,'errmsg':'m'}]}",
         "The only row failed; the body lists failures only, so what is not listed may have been "
         "done"},
        {"[{'id':1,'status':500}]", "The only row failed, under a status that looks like success"},
        {"{'accepted':2,'errors':[{'id':3}]}",
         "The only row failed, but there are others that are not listed (accepted: 2)"},
        {"{'summary':{'total':3,'succeeded':2,'failed':1},'errors':[{'id':3}]}",
         "The only row failed, but there are others that are not listed (succeeded: 2)"},
        {"{'inserted':1,'results':[],'errors':[{'id':3}]}",
         "The only row failed, but there are others that are not listed (inserted: 1)"},
        {"{'success':[],'error':[{'id':3}]}",
         "The only row failed, under a status that looks like success"},
        {"{'processed':1,'results':[{'id':3,'status':500}]}",
         "The only row failed, under a status that looks like success"},
        {"{'errors':[{'id':3}]}",
         "The only row failed; the body lists failures only, so what is not "
         "listed may have been done"},
        {"{'accepted':0,'errors':[{'id':3}]}",
         "The only row failed; the body lists failures only, so what is not listed may have been "
         "done"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        char *body = with_quotes(bodies[i].body);
        ms_document *document = unit_decode(body, &batch);
        const ms_finding *finding = unit_finding(document, "json_all_failed");

        unit_check_text(body, finding ? finding->message : NULL, bodies[i].message);
        ms_document_free(document);
        g_free(body);
    }
}

/* ---- what is said of the whole, and of rows ---- */

typedef struct {
    const char *name, *body;
    const char *rule, *message; /* of a finding; NULL: there is none */
    const char *description;    /* of the body */
} whole_row;

static const whole_row wholes[] = {
    {"refused", "{'ocs':{'meta':{'status':'failure','message':'Log in'},'data':[]}}", "json_shape",
     "The body says that the request failed, and lists no rows: nothing is counted", "Log in"},
    {"nothing", "{'ocs':{'meta':{'status':'ok','message':'OK'},'data':[]}}", "json_no_rows",
     "The body has a place for rows, but no row", "OK"},
    {"no-words", "{'status':'success','data':[],'error':''}", "json_no_rows",
     "The body has a place for rows, but no row", NULL},
    {"contradiction", "{'success':false,'data':[{'id':1,'status':200}]}", "json_contradiction",
     "The body says of the whole that something failed, but each of its rows is ok: what failed is "
     "not listed, or not recognised",
     NULL},
    {"agreement", "{'success':true,'data':[{'id':1,'status':200}]}", "json_contradiction", NULL,
     NULL},
    {"words-of-a-row", "{'data':{'message':'x','items':[{'id':1,'status':200}]}}",
     "json_contradiction", NULL, NULL},
};

static void test_whole(const void *data)
{
    const whole_row *row = data;
    char *body = with_quotes(row->body);
    ms_document *document = unit_decode(body, &batch);
    const ms_finding *finding = unit_finding(document, row->rule);

    unit_check_text("message", finding ? finding->message : NULL, row->message);
    unit_check_text("description", document->description.text, row->description);
    ms_document_free(document);
    g_free(body);
}

typedef struct {
    const char *name, *body;
    const char *reason, *description, *condition; /* of the first row */
} told_row;

static const told_row told[] = {
    {"category-of-a-number",
     "[{'sku':'B','statusCode':400,'errors':[{'errorId':25002,'category':'REQUEST','message':'m'}]}"
     "]",
     "Bad Request", "m", NULL},
    {"category-alone", "[{'id':1,'status':'error','category':'OBJECT_NOT_FOUND','message':'m'}]",
     "OBJECT_NOT_FOUND", "m", "OBJECT_NOT_FOUND"},
    {"word-as-status-of-an-error",
     "[{'id':1,'success':false,'errors':[{'statusCode':'DUPLICATES','message':'m'}]}]",
     "DUPLICATES", "m", "DUPLICATES"},
    {"errors-in-an-error", "[{'id':1,'status':404,'error':{'errors':[{'message':'m'}]}}]",
     "Not Found", "m", NULL},
    {"called-error-and-ok", "[{'id':1,'status':'ok','name':'Error','message':'m'}]", "ok", "m",
     "Error"},
    /* Reasons that are nested deeper than a message. */
    {"parts-of-an-error", "[{'id':1,'errors':{'email':['taken'],'name':['is too long']}}]",
     "errors", "email: taken; name: is too long", NULL},
    {"words-for-parts", "[{'id':1,'status':422,'errors':{'sku':'taken'}}]", NULL, "sku: taken",
     NULL},
    {"parts-of-no-error", "[{'id':1,'status':400,'response':{'sku':'b','kind':'part'}}]", NULL,
     NULL, NULL},
    {"deep-messages",
     "{'errors':[{'status':400,'elementErrors':{'errorMessages':[],'errors':{'type':'The type is "
     "required'}},'failedElementNumber':1}]}",
     NULL, "The type is required", NULL},
    {"message-in-languages",
     "[{'id':1,'statusCode':409,'error':{'odata.error':{'code':'Exists','message':{'lang':'en','"
     "value':'It exists.'}}}}]",
     NULL, "It exists.", "Exists"},
    {"outcome-in-a-response",
     "[{'id':1,'response':{'status':'422','outcome':{'issue':[{'code':'x','diagnostics':'no "
     "name'}]}"
     "}}]",
     NULL, "no name", NULL},
    {"error-in-a-body", "[{'id':1,'status':403,'body':{'error':'No access','error_code':3200}}]",
     NULL, "No access", NULL},
    {"lists-beside-a-message",
     "[{'id':1,'sstatus':{'statusCode':400,'detail':'It has errors'},'validationMessages':[{'"
     "property':'zip','validationMessage':'is wrong'},{'property':'city','validationMessage':'is "
     "missing'}]}]",
     NULL, "It has errors (zip: is wrong; city: is missing)", NULL},
    {"said-once", "[{'id':1,'status':400,'message':'m m','errors':[{'message':'m m'}]}]", NULL,
     "m m", NULL},
    {"many-reasons",
     "[{'id':1,'status':400,'message':'m','errors':[{'message':'a a'},{'message':'b b'},{'message':"
     "'c c'},{'message':'d d'},{'message':'e e'}]}]",
     NULL, "m (a a; b b; c c; ...)", NULL},
    {"lists-of-what-went-well",
     "[{'id':1,'status':200,'message':'m','notes':[{'message':'a note'}]}]", NULL, "m", NULL},
    {"cause", "[{'id':2,'status':'ERROR','cause':'ORA-00001: not unique'}]", "ERROR",
     "ORA-00001: not unique", NULL},
    {"type-that-is-a-sentence", "{'errors':[{'type':'time is bad','index':1}]}", "errors",
     "time is bad", NULL},
    /* A word for what went wrong, where the status is not one. */
    {"error-as-a-word", "[{'id':1,'status':'Failed','error':'TicketNotFound','details':'gone'}]",
     "TicketNotFound", "gone", "TicketNotFound"},
    {"error-as-the-only-word", "[{'id':1,'success':false,'error':'offline'}]", "failed", "offline",
     NULL},
    {"error-in-details",
     "[{'id':1,'status':'error','message':'m','details':{'error':'NotRegistered'}}]",
     "NotRegistered", "m", "NotRegistered"},
    {"number-of-the-server", "{'failures':[{'to':'+2','code':21211,'message':'m'}]}", "21211", "m",
     "21211"},
    {"number-of-http", "{'failures':[{'to':'+2','code':404,'message':'m'}]}", NULL, "m", NULL},
    {"failure-code", "[{'id':1,'status':'failed','failure_code':'card_declined'}]", "card_declined",
     NULL, "card_declined"},
    {"constant-as-name",
     "{'errors':[{'name':'RESOURCE_NOT_FOUND','debug_id':'46735c','message':'m'}]}",
     "RESOURCE_NOT_FOUND", "m", "RESOURCE_NOT_FOUND"},
    /* What belongs to the resource is no reason. */
    {"title-of-the-resource",
     "{'errors':[{'id':'p','type':'index-pattern','title':'My own','error':{'type':'conflict'}}]}",
     "conflict", NULL, "conflict"},
    {"title-of-the-problem",
     "[{'id':'p','type':'/x','title':'Invalid','status':422,'errors':{'name':'taken'}}]", NULL,
     "name: taken", "/x"},
    {"other-names-of-words", "[{'id':1,'status':'failed','failure_message':'m'}]", "failed", "m",
     NULL},
};

static void test_told(const void *data)
{
    const told_row *row = data;
    char *body = with_quotes(row->body);
    ms_document *document = unit_decode(body, &batch);
    const ms_response *first = document->responses;
    const char *condition =
        first->conditions.count > 0 ? document->conditions[first->conditions.first].name : NULL;

    if (first->code < 0)
        unit_check_text("reason", first->reason, row->reason);
    unit_check_text("description", first->description.text, row->description);
    unit_check_text("condition", condition, row->condition);
    ms_document_free(document);
    g_free(body);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("json-shapes/rows", rows, test_shape);
    unit_add_table("json-shapes/sides", sides, test_shape);
    unit_add_table("json-shapes/cut-rows", rows, test_cut);
    unit_add_table("json-shapes/cut-sides", sides, test_cut);
    unit_add_table("json-shapes/identifiers", identifiers, test_shape);
    unit_add_table("json-shapes/no-rows", no_rows, test_shape);
    unit_add_table("json-shapes/whole", wholes, test_whole);
    unit_add_table("json-shapes/told", told, test_told);
    g_test_add_func("/json-shapes/words", test_words);
    g_test_add_func("/json-shapes/all-failed", test_all_failed);
    return g_test_run();
}
