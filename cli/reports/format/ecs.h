/* ecs.h
 * Lines of the Elastic Common Schema 8.11, for Elasticsearch, OpenSearch and what feeds them: one
 * for each exchange, and one for each capture that could not be read or was not looked into as a
 * whole. What ECS has no field for is in the object `multistatus`, with the keys of records.
 *
 * https://www.elastic.co/guide/en/ecs/8.11/ecs-field-reference.html
 *
 * Ownership: what a rendering holds is described in format.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_ECS_H
#define MULTISTATUS_ECS_H

#include "format.h"

void ecs_exchange(rendering *r, const exchange_record *record);
void ecs_capture(rendering *r, const capture_record *record);

#endif /* MULTISTATUS_ECS_H */
