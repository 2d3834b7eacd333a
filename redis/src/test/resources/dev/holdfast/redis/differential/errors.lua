x=1
local a; a.b=1
local a={} a.b.c=1
foo.bar()
local a; a()
("x"):nope()
return 1+{}
local t={} return t+1
return {}..1
return 1<"2"
return {}<{}
return {} < 1
return #5
return -{}
for i=1,"x" do end
for i="a",2 do end
for i=1,2,{} do end
error()
error(nil)
error("m",0)
error("m",2)
local a = 
x ==
for
goto x
if x then
local function f() return 1
return ...
function f() return ... end
break
x = "abc
x = [[abc
--[[abc
x = 1e
x = 0xg
x = 3x
return "\300"
f() = 1
a,b
local t = setmetatable({},{__index=function(t,k) error("idx "..k) end}) return t.foo
tostring()
setmetatable(1,2)
setmetatable({},2)
string.rep()
string.rep("x",{})
string.format("%d","x")
string.format("%y",1)
string.format("%d")
table.concat({1,{},3})
table.insert({},1,2,3)
table.insert({})
table.sort({3,1,"x"})
select(0)
unpack({},1,1e8)
tonumber("10",99)
ipairs()
next({},1)
rawset(1,2,3)
local t={} t[nil]=1
local t={} t[0/0]=1
string.char(256)
math.random(0)
math.random(2,1)
("x"):find("[a")
("x"):find("%")
("x"):gsub("x","%2")
("x"):gsub("(","")
("x"):find("%f")
("x"):find("%b")
local function f() return f() + 1 end f()
local function f() local ok, e = pcall(f) error(e, 0) end f()
string.dump(print)
coroutine.yield(1)
coroutine.resume(1)
coroutine.wrap(function() error("in co") end)()
loadstring(1)
assert(false)
assert(nil,"msg")
assert(false,{})
collectgarbage("foo")
return getfenv
local s = string s.x = 1
_G.x=1
rawset(_G,"x",1)
setmetatable(_G,nil)
redis.x=1
redis.call()
redis.call({})
redis.call("nope")
redis.call("get")
redis.call("multi")
redis.call("incr","s","x")
redis.log()
redis.log("a","b")
redis.log(10,"b")
redis.setresp()
redis.setresp(5)
redis.sha1hex()
redis.set_repl()
redis.set_repl(10)
redis.replicate_commands(1)
redis.error_reply()
redis.status_reply(1,2)
redis.acl_check_cmd()
redis.acl_check_cmd("nope")
cjson.encode()
cjson.encode({[1.5]=1})
cjson.encode({[1]=1,[100]=2})
cjson.encode(print)
cjson.encode(0/0)
cjson.decode("")
cjson.decode("{")
cjson.decode("[1,}")
cjson.decode("nul")
cjson.decode("\"abc")
cjson.decode("{1:2}")
cjson.decode("1 2")
cmsgpack.unpack("")
cmsgpack.pack()
cmsgpack.unpack("\200\129")
struct.pack("y",1)
struct.unpack("i4","ab")
struct.pack("i33",1)
bit.band()
bit.band("x")
cjson.decode("[1e999]")
local t={} t.t=t cjson.encode(t)
