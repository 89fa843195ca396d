/* part_error.h
 * What an HTTP response that failed says about it in its body: the answers of OData, Google and
 * Azure to one request of a batch.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_PART_ERROR_H
#define MS_PART_ERROR_H

#include "model.h"

/** A document whose first response has the server's word as its condition, and its message as its
 *  description, as far as there are any; NULL if the body is no such error. Places are those in the
 *  body. The caller frees it with ms_document_free(). */
ms_document *ms_part_error(const void *body, size_t length, const ms_context *context);

#endif /* MS_PART_ERROR_H */
