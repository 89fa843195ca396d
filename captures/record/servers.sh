# servers.sh - the servers under observation, each with a configuration of its own below WORK_DIR.
#
# Sourced after lib.sh.  NAME_start starts the server on its usual port of the lab and waits for it;
# NAME_data is the folder that it serves.  Credentials are constants of the lab.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034  # the packages and folders are for the scripts

APACHE_PACKAGES=(apache2-bin)
LIGHTTPD_PACKAGES=(lighttpd lighttpd-mod-webdav)
NGINX_PACKAGES=(nginx libnginx-mod-http-dav-ext)
RADICALE_PACKAGES=(python3-radicale)
SABREDAV_PACKAGES=(php-cli php-sqlite3 php-sabre-dav sqlite3)
XANDIKOS_PACKAGES=(xandikos)
TOMCAT_PACKAGES=(tomcat10 tomcat10-user openjdk-17-jre-headless)

# ---------------------------------------------------------------- Apache, ports 80 and 443
#
# /dav, /davz and /davbr are the same folder: plain, with gzip, with brotli.  /svn is a Subversion
# repository if libapache2-mod-svn is installed, /web is plain HTTP.

apache_data() { printf '%s\n' "$WORK_DIR/apache/data"; }
apache_web() { printf '%s\n' "$WORK_DIR/apache/web"; }
apache_repository() { printf '%s\n' "$WORK_DIR/apache/repository"; }

apache_load() {
    local module
    for module in "$@"; do
        printf 'LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n' "$module" "$module"
    done
}

apache_configuration() {
    local root=$WORK_DIR/apache
    apache_load mpm_event authz_core alias mime dir filter deflate brotli ssl http2 dav dav_fs
    cat <<EOF
ServerRoot $root
ServerName 127.0.0.1
PidFile $root/pid
ErrorLog $root/error.log
User www-data
Group www-data
TypesConfig /etc/mime.types
Protocols h2 h2c http/1.1
Listen 80
Listen 443
<VirtualHost *:443>
    ServerName 127.0.0.1
    SSLEngine on
    SSLCertificateFile $root/certificate.pem
    SSLCertificateKeyFile $root/key.pem
</VirtualHost>
DocumentRoot $root/root
DirectoryIndex index.html
DavLockDB $root/lock/database
DavDepthInfinity on
Alias /davbr $root/data
Alias /davz $root/data
Alias /dav $root/data
Alias /web $root/web
<LocationMatch "^/dav(z|br)?/">
    DAV on
    DirectoryIndex disabled
</LocationMatch>
<Location /davz>
    SetOutputFilter DEFLATE
</Location>
<Location /davbr>
    SetOutputFilter BROTLI_COMPRESS
</Location>
EOF
    if [ -e /usr/lib/apache2/modules/mod_dav_svn.so ]; then
        apache_load dav_svn
        printf '<Location /svn>\n    DAV svn\n    SVNPath %s\n</Location>\n' "$(apache_repository)"
    fi
}

apache_start() {
    local root=$WORK_DIR/apache
    mkdir -p "$root"/{data,web,root,lock}
    chown www-data:www-data "$root/data" "$root/lock"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 \
        -keyout "$root/key.pem" -out "$root/certificate.pem" 2> "$WORK_DIR/logs/openssl.log"
    apache_configuration > "$root/httpd.conf"
    start_server apache 80 /usr/sbin/apache2 -f "$root/httpd.conf" -D FOREGROUND
}

# ---------------------------------------------------------------- lighttpd, port 8081

lighttpd_data() { printf '%s\n' "$WORK_DIR/lighttpd/data"; }

lighttpd_start() {
    local root=$WORK_DIR/lighttpd
    mkdir -p "$root"/{data,database}
    chown www-data:www-data "$root/data" "$root/database"
    cat > "$root/lighttpd.conf" <<EOF
server.modules = ("mod_webdav")
server.document-root = "$root/data"
server.port = 8081
server.username = "www-data"
server.groupname = "www-data"
webdav.activate = "enable"
webdav.is-readonly = "disable"
webdav.opts = ("propfind-depth-infinity" => "enable")
webdav.sqlite-db-name = "$root/database/webdav.db"
EOF
    start_server lighttpd 8081 /usr/sbin/lighttpd -D -f "$root/lighttpd.conf"
}

# ---------------------------------------------------------------- nginx, port 8080

nginx_data() { printf '%s\n' "$WORK_DIR/nginx/data"; }

nginx_start() {
    local root=$WORK_DIR/nginx
    mkdir -p "$root"/{data,temp}
    chown -R www-data:www-data "$root"
    cat > "$root/nginx.conf" <<EOF
load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;
user www-data;
daemon off;
worker_processes 1;
pid $root/pid;
error_log $root/error.log;
events {}
http {
    access_log off;
    client_body_temp_path $root/temp/body;
    proxy_temp_path $root/temp/proxy;
    fastcgi_temp_path $root/temp/fastcgi;
    uwsgi_temp_path $root/temp/uwsgi;
    scgi_temp_path $root/temp/scgi;
    dav_ext_lock_zone zone=locks:1m;
    server {
        listen 8080;
        location / {
            root $root/data;
            autoindex on;
            create_full_put_path on;
            dav_methods PUT DELETE MKCOL COPY MOVE;
            dav_ext_methods PROPFIND OPTIONS LOCK UNLOCK;
            dav_ext_lock zone=locks;
        }
    }
}
EOF
    start_server nginx 8080 /usr/sbin/nginx -c "$root/nginx.conf" -p "$root"
}

# ---------------------------------------------------------------- Radicale, port 5232 (user:lab)

radicale_start() {
    local root=$WORK_DIR/radicale
    mkdir -p "$root/collections"
    printf 'user:lab\n' > "$root/users"
    cat > "$root/config" <<EOF
[server]
hosts = 127.0.0.1:5232
[auth]
type = htpasswd
htpasswd_filename = $root/users
htpasswd_encryption = plain
[storage]
filesystem_folder = $root/collections
[web]
type = none
EOF
    start_server radicale 5232 /usr/bin/python3 -m radicale --config "$root/config"
}

# ---------------------------------------------------------------- SabreDAV, port 8093
#
# The group-ware server of the package's examples on the web server of PHP.  Everybody is "admin",
# so that no credentials are needed.

# sabredav_start [PHP-OPTION...]
sabredav_start() {
    local root=$WORK_DIR/sabredav table
    mkdir -p "$root"
    for table in principals calendars addressbooks; do
        sqlite3 "$root/database" \
            < "/usr/share/doc/php-sabre-dav/examples/sql/sqlite.$table.sql"
    done
    cat > "$root/index.php" <<'EOF'
<?php
require_once 'Sabre/autoload.php';

class EverybodyIsAdmin implements Sabre\DAV\Auth\Backend\BackendInterface {
    function authenticate(Sabre\DAV\Server $server, $realm) { return true; }
    function getCurrentUser() { return 'admin'; }
}

$database = new PDO('sqlite:' . __DIR__ . '/database');
$database->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
$principals = new Sabre\DAVACL\PrincipalBackend\PDO($database);
$server = new Sabre\DAV\Server([
    new Sabre\CalDAV\Principal\Collection($principals),
    new Sabre\CalDAV\CalendarRootNode($principals, new Sabre\CalDAV\Backend\PDO($database)),
    new Sabre\CardDAV\AddressBookRoot($principals, new Sabre\CardDAV\Backend\PDO($database)),
]);
$server->setBaseUri('/');
$server->addPlugin(new Sabre\DAV\Auth\Plugin(new EverybodyIsAdmin(), 'lab'));
$server->addPlugin(new Sabre\CalDAV\Plugin());
$server->addPlugin(new Sabre\CardDAV\Plugin());
$server->addPlugin(new Sabre\DAVACL\Plugin());
$server->exec();
EOF
    # This SabreDAV is older than this PHP: its deprecation notices would end up in the bodies.
    start_server sabredav 8093 php -d display_errors=0 -d error_reporting=0 "$@" \
        -S 127.0.0.1:8093 -t "$root" "$root/index.php"
}

# ---------------------------------------------------------------- Xandikos, port 8080

xandikos_start() {
    mkdir -p "$WORK_DIR/xandikos"
    start_server xandikos 8080 xandikos --listen-address 127.0.0.1 --port 8080 --autocreate \
        --directory "$WORK_DIR/xandikos" --current-user-principal /user/
}

# ---------------------------------------------------------------- Apache Tomcat, port 8080
#
# The WebDAV servlet that comes with it, below /dav/.

tomcat_start() {
    local root=$WORK_DIR/tomcat
    tomcat10-instance-create -p 8080 -c 8005 "$root" > /dev/null
    mkdir -p "$root/webapps/dav/WEB-INF"
    cat > "$root/webapps/dav/WEB-INF/web.xml" <<'EOF'
<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
<servlet>
    <servlet-name>webdav</servlet-name>
    <servlet-class>org.apache.catalina.servlets.WebdavServlet</servlet-class>
    <init-param><param-name>readonly</param-name><param-value>false</param-value></init-param>
    <init-param><param-name>listings</param-name><param-value>true</param-value></init-param>
</servlet>
<servlet-mapping><servlet-name>webdav</servlet-name><url-pattern>/*</url-pattern></servlet-mapping>
</web-app>
EOF
    start_server tomcat 8080 env CATALINA_BASE="$root" CATALINA_HOME=/usr/share/tomcat10 \
        /usr/share/tomcat10/bin/catalina.sh run
}
