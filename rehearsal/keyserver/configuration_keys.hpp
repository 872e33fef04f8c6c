// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace rehearsal::keyserver {

enum class ValueType { string, integer, boolean, strings, table };

struct ConfigurationKey {
  /// Below `[hockeypuck]`, in lower case; `*` is the name of a partner.
  std::string_view path = {};
  ValueType type = ValueType::string;
};

/// Every key Hockeypuck 2.3 decodes: a wrong type is fatal even where the value is of no use here.
inline constexpr std::array configuration_keys{
    ConfigurationKey{"loglevel", ValueType::string},
    ConfigurationKey{"logfile", ValueType::string},
    ConfigurationKey{"hostname", ValueType::string},
    ConfigurationKey{"nodename", ValueType::string},
    ConfigurationKey{"contact", ValueType::string},
    ConfigurationKey{"enablevhosts", ValueType::boolean},
    ConfigurationKey{"adminkeys", ValueType::strings},
    ConfigurationKey{"indextemplate", ValueType::string},
    ConfigurationKey{"vindextemplate", ValueType::string},
    ConfigurationKey{"statstemplate", ValueType::string},
    ConfigurationKey{"webroot", ValueType::string},
    ConfigurationKey{"reconstalesecs", ValueType::integer},
    ConfigurationKey{"maxresponselen", ValueType::integer},
    ConfigurationKey{"hkp", ValueType::table},
    ConfigurationKey{"hkp.bind", ValueType::string},
    ConfigurationKey{"hkp.advertisedbind", ValueType::string},
    ConfigurationKey{"hkp.logrequestdetails", ValueType::boolean},
    ConfigurationKey{"hkp.queries", ValueType::table},
    ConfigurationKey{"hkp.queries.selfsignedonly", ValueType::boolean},
    ConfigurationKey{"hkp.queries.keywordsearchdisabled", ValueType::boolean},
    ConfigurationKey{"hkp.queries.enableinexact", ValueType::boolean},
    ConfigurationKey{"hkps", ValueType::table},
    ConfigurationKey{"openpgp", ValueType::table},
    ConfigurationKey{"openpgp.maxkeylength", ValueType::integer},
    ConfigurationKey{"openpgp.maxpacketlength", ValueType::integer},
    ConfigurationKey{"openpgp.blacklist", ValueType::strings},
    ConfigurationKey{"openpgp.enumerabledomains", ValueType::strings},
    ConfigurationKey{"openpgp.nworkers", ValueType::integer},
    ConfigurationKey{"openpgp.headers", ValueType::table},
    ConfigurationKey{"openpgp.headers.comment", ValueType::string},
    ConfigurationKey{"openpgp.headers.version", ValueType::string},
    ConfigurationKey{"openpgp.db", ValueType::table},
    ConfigurationKey{"openpgp.db.driver", ValueType::string},
    ConfigurationKey{"openpgp.db.dsn", ValueType::string},
    ConfigurationKey{"openpgp.db.reindexonstartup", ValueType::boolean},
    ConfigurationKey{"openpgp.db.reindexstartupdelaysecs", ValueType::integer},
    ConfigurationKey{"openpgp.db.reindexloaddelaysecs", ValueType::integer},
    ConfigurationKey{"openpgp.db.reindexintervalsecs", ValueType::integer},
    ConfigurationKey{"openpgp.db.requestquerylimit", ValueType::integer},
    ConfigurationKey{"conflux", ValueType::table},
    ConfigurationKey{"conflux.recon", ValueType::table},
    ConfigurationKey{"conflux.recon.reconaddr", ValueType::string},
    ConfigurationKey{"conflux.recon.httpaddr", ValueType::string},
    ConfigurationKey{"conflux.recon.reconnet", ValueType::string},
    ConfigurationKey{"conflux.recon.httpnet", ValueType::string},
    ConfigurationKey{"conflux.recon.allowcidrs", ValueType::strings},
    ConfigurationKey{"conflux.recon.filters", ValueType::strings},
    ConfigurationKey{"conflux.recon.gossipintervalsecs", ValueType::integer},
    ConfigurationKey{"conflux.recon.seencachesize", ValueType::integer},
    ConfigurationKey{"conflux.recon.version", ValueType::string},
    ConfigurationKey{"conflux.recon.threshmult", ValueType::integer},
    ConfigurationKey{"conflux.recon.bitquantum", ValueType::integer},
    ConfigurationKey{"conflux.recon.mbar", ValueType::integer},
    ConfigurationKey{"conflux.recon.maxoutstandingreconrequests", ValueType::integer},
    ConfigurationKey{"conflux.recon.leveldb", ValueType::table},
    ConfigurationKey{"conflux.recon.leveldb.path", ValueType::string},
    ConfigurationKey{"conflux.recon.partner", ValueType::table},
    ConfigurationKey{"conflux.recon.partner.*", ValueType::table},
    ConfigurationKey{"conflux.recon.partner.*.reconaddr", ValueType::string},
    ConfigurationKey{"conflux.recon.partner.*.httpaddr", ValueType::string},
    ConfigurationKey{"conflux.recon.partner.*.reconnet", ValueType::string},
    ConfigurationKey{"conflux.recon.partner.*.httpnet", ValueType::string},
    ConfigurationKey{"conflux.recon.partner.*.webaddr", ValueType::string},
    ConfigurationKey{"conflux.recon.partner.*.statspath", ValueType::string},
    ConfigurationKey{"conflux.recon.partner.*.weight", ValueType::integer},
    ConfigurationKey{"conflux.recon.partner.*.mask", ValueType::boolean},
    ConfigurationKey{"conflux.recon.partner.*.pksfailover", ValueType::boolean},
    ConfigurationKey{"metrics", ValueType::table},
    ConfigurationKey{"metrics.metricsaddr", ValueType::string},
    ConfigurationKey{"metrics.metricspath", ValueType::string},
    ConfigurationKey{"pks", ValueType::table},
    ConfigurationKey{"pks.from", ValueType::string},
    ConfigurationKey{"pks.to", ValueType::strings},
};

}  // namespace rehearsal::keyserver
