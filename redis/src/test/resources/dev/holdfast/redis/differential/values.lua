return {1, 2.5, -3.9, 1e100, 0/0, -1/0, 9007199254740993, 1e15, 123456789012345678}
return {tostring(1e100), tostring(0/0), tostring(-(0/0)), tostring(1/0), tostring(-1/0), tostring(0.1), tostring(1e15), tostring(123456789012345), tostring(-0), tostring(1/3), tostring(2^53), tostring(100000000000000)}
return {tonumber('0x10'), tonumber('  12  '), tonumber('z', 36), tostring(tonumber('1e')), tostring(tonumber('')), tonumber('ff', 16), tonumber('10', 2), tostring(tonumber('8', 8)), tonumber('-ff', 16)}
return {#'abc', #{1,2,3}, #{1,nil,3}, #{nil,nil,3}, #{n=1}, #{1,2,nil,4,nil}}
local t = {} for i=1,20 do t[i]=i end t[10]=nil t[20]=nil return #t
local t = {} t[1]=1 t[2]=2 t[4]=4 return #t
local t = {10,20,30,nil} return #t
local function f(...) return {...} end return {#f(1,nil,3), #f(nil,nil), #f(1,nil)}
local r = {} for k,v in pairs({a=1,b=2,c=3,d=4,e=5,f=6,g=7}) do r[#r+1] = k end return r
local r = {} for k,v in pairs({1,2,3,x=1,[10]=2,[2.5]=3,[true]=4,y=5,[-1]=6,[100]=7}) do r[#r+1] = tostring(k) end return r
local t = {} for i=1,50 do t['key'..i]=i end for i=1,50,3 do t['key'..i]=nil end for i=51,60 do t['key'..i]=i end local r={} for k in pairs(t) do r[#r+1]=k end return table.concat(r,',')
local t = {} for i=100,1,-1 do t[i]=i end local r={} for k in pairs(t) do r[#r+1]=k end return table.concat(r,',')
local t = {} for i=1,30 do t[i*7]=i end local r={} for k in pairs(t) do r[#r+1]=k end return table.concat(r,',')
local t = {} for i=1,30 do t[i/4]=i end local r={} for k in pairs(t) do r[#r+1]=k end return table.concat(r,',')
local t = {a=1,b=2,c=3} local r = {} for k in pairs(t) do t[k]=nil r[#r+1]=k end return {table.concat(r,','), tostring(next(t))}
return {1 and 2, nil and 1, false or 'd', nil or false, not nil, 1 == 1.0, 'a' < 'b', 2 > 1, 1 >= 2, 1 ~= 2}
return {-2^2, 2^-1, 7 % 3, -7 % 3, 7 % -3, tostring(5.5 % 2), tostring(5 % 0), tostring(-5 % math.huge)}
return {'10' + 5, '0x10' * 2, 10 .. 20, '3' ^ 2, -'2', '1e1' + 0}
local a, b, c = (function() return 1, 2, 3 end)() return {a, b, c}
local x, y = 1, 2; x, y = y, x; return {x, y}
local q = {} ; local i = 1; i, q[i] = i+1, 20; return {i, tostring(q[1]), tostring(q[2])}
local t = {1,2,3} local i = 1 i, t[i] = 2, 'x' return {i, t[1], t[2]}
local n = 0; repeat local z = n; n = n + 1 until z >= 3; return n
local n = 0 while true do n = n + 1 if n > 10 then break end end return n
local n = 0 for i = 10, 1, -3 do n = n * 10 + i end return n
local n = 0 for i = 1, 0 do n = n + 1 end return n
local n = 0 for i = 0.1, 1, 0.1 do n = n + 1 end return n
local fs = {} for i=1,3 do fs[i] = function() i = i + 1 return i end end return {fs[1](), fs[1](), fs[2]()}
local fs = {} local i = 1 while i <= 3 do local j = i fs[i] = function() j = j + 10 return j end i = i + 1 end return {fs[1](), fs[1](), fs[3]()}
local fs = {} local n = 0 repeat local k = n fs[#fs+1] = function() return k end n = n + 1 until k >= 2 return {fs[1](), fs[2](), fs[3]()}
local function c() local n = 0 return function() n = n + 1 return n end, function() return n end end local a, b = c() a() a() return b()
local function f(...) return select('#', ...), ... end return {f(1, nil, 3)}
local function f(...) local a, b = ... return a, b, select('#', ...) end return {f(7)}
local function f() return 1, 2, 3 end return {f(), f(), (f())}
local function f() return 1, 2, 3 end local t = {f(), x = f(), f()} return {#t, t[1], t[2], t[4]}
local function tail(n) if n == 0 then return 'tail' end return tail(n-1) end return tail(30000)
local function deep(n) if n == 0 then return 0 end return 1 + deep(n-1) end return deep(5000)
local function deep(n) if n == 0 then return 0 end return 1 + deep(n-1) end return deep(30000)
local mt = {__index=function(t,k) return k..'!' end, __add=function(a,b) return 99 end, __call=function(self, x) return x*2 end} local t = setmetatable({}, mt) return {t.foo, t+1, 1+t, t(21)}
local mt = {} mt.__lt = function(a,b) return a.v < b.v end mt.__le = function(a,b) return a.v <= b.v end mt.__eq = function(a,b) return a.v == b.v end local function m(v) return setmetatable({v=v}, mt) end return {m(1) < m(2), m(1) > m(2), m(1) <= m(1), m(1) == m(1), m(1) ~= m(2), m(2) >= m(3)}
local mt = {__lt=function(a,b) return true end} local a, b = setmetatable({}, mt), setmetatable({}, mt) return {a <= b, a < b}
local t = setmetatable({}, {__concat=function(a,b) return type(a)..type(b) end}) return {t..'x', 'x'..t, 1 ..t, t..t}
local log = {} local t = setmetatable({}, {__newindex=function(t,k,v) rawset(t,k,v..'!') end}) t.a='x' t.a='y' return t.a
local t = setmetatable({}, {__tostring=function() return 'me' end, __metatable='locked'}) return {tostring(t), getmetatable(t), tostring(pcall(setmetatable, t, {}))}
local t = setmetatable({}, {__unm=function() return 'neg' end, __len=function() return 42 end}) return {-t, #t}
local a = setmetatable({}, {__index={x=1}}) local b = setmetatable({}, {__index=a}) return b.x
local co = coroutine.create(function(a) local b = coroutine.yield(a+1) error('oops '..b) end) local ok, v = coroutine.resume(co, 1) local ok2, e = coroutine.resume(co, 'x') return {v, tostring(ok2), e, coroutine.status(co)}
local w = coroutine.wrap(function() for i=1,3 do coroutine.yield(i) end end) return {w(), w(), w()}
local w = coroutine.wrap(function() for i=1,3 do coroutine.yield(i) end return 'end' end) w() w() w() w() return w()
local function gen(n) return coroutine.wrap(function() for i=1,n do coroutine.yield(i) end end) end local s = 0 for v in gen(10) do s = s + v end return s
return coroutine.wrap(function() return pcall(function() return coroutine.yield(1) end) end)()
local co co = coroutine.create(function() return coroutine.resume(co) end) return {coroutine.resume(co)}
local co = coroutine.wrap(function(...) return coroutine.yield(...) end) co(1,2,3) return {co(4,5)}
return {type(nil), type(1), type('x'), type({}), type(type), type(coroutine.create(function() end)), type(cjson.null)}
return {unpack({1,2,3})}
return {unpack({1,2,3}, 2)}
return {unpack({1,2,3}, -1, 1)}
return {select(-1, 1, 2, 3)}
return {select(2, 'a', 'b', 'c')}
return {rawequal('a', 'a'), rawequal({}, {}), rawget({1}, 1), rawset({}, 1, 2)[1]}
return {xpcall(function() error('x') end, function(e) return 'handled ' .. e end)}
return {xpcall(function() return 1, 2 end, function(e) return e end)}
return {pcall(error, {err='MY text'})}
return {pcall(error, {code=1})}
return {pcall(error, 'text', 0)}
return {pcall(error)}
return {loadstring('return 1 + 1')()}
return {loadstring('return +')}
return {loadstring('x y', 'chunk')}
return {loadstring('x y', '=chunk')}
return {loadstring('x y', '@a/file.lua')}
return {loadstring('\n\n\nx y and a text that is long enough to be cut somewhere in the middle of it all')}
local n = 0 return load(function() n = n + 1 return ({'return ', '4', '2'})[n] end)()
return {'a\65\066\x41', 'tab\tnl\nquote"'}
return {[==[a]]b]==]}
return 'single' .. "double" --[[ comment ]] .. 'x' -- end
return --[==[ x ]==] 5
return 0xff + 1e2 + .5 + 3.
local s = 'x' return {s:upper(), ('%d'):format(5), #s:rep(3)}
return {KEYS[1], KEYS[2], ARGV[1], ARGV[2], #KEYS, #ARGV}
return {tostring(KEYS[3]), tostring(_G.KEYS == KEYS), tostring(_G._G == _G)}
local a <const> = 1
return {1,2,3,
if true then return 1 end return 2
do return 1 end
for i=1,3 do local x = i if i == 2 then return i end end
local t = {f = function(self, x) return self.v + x end, v = 10} return t:f(5)
local t = {a={b={c=function() return 'deep' end}}} return t.a.b.c()
local t = {} function t.f(x) return x end function t:g(x) return self == t and x end return {t.f(1), t:g(2)}
local s = 0 for k, v in ipairs({1,2,nil,4}) do s = s + v end return s
local s = 0 for k, v in next, {1,2,3} do s = s + v end return s
return (function(...) return select('#', ...) end)(nil, nil)
return #table.concat({1,2,3}, ', ')
return math.floor(3.7) .. math.ceil(3.2) .. math.max(1,5,3) .. math.min(4,2)
return a
a = 1
local x x = x or 5 return x
return 'x' < 1
return {} .. ''
local t = {} t.x.y = 1
local t = {} t:nope()
return nil + 1
return #nil
return -{}
return ('x')()
error('plain')
error({err='MYCODE my text'})
error({err='single'})
error(nil)
error()
error(42)
error(true)
error('at level 2', 2)
local function f() error('in f', 2) end f()
local function f() error('in f') end f()
return {err='custom'}
return {err='CODE custom text'}
return {ok='fine'}
return {ok='two\r\nlines'}
return redis.error_reply('ERR x')
return redis.error_reply('x')
return redis.error_reply('-CODE some text')
return redis.error_reply('CODE some text')
return redis.error_reply('')
return redis.status_reply('GOOD')
return {1,{2,{3,{4}}},'x',{ok='y'},{err='z'}}
return {1,nil,3}
return {false, true}
return nil
return true
return false
return 3.9999
return -3.9999
return 'text'
return {}
return {{}}
return function() end
return cjson.null
return {[1]=1,[2]=2,[4]=4}
return {a=1}
return {double=3.5}
return {map={a=1}}
return {set={a=true}}
return {big_number='12345678901234567890'}
return {verbatim_string={format='txt', string='hello'}}
redis.setresp(3) return {true, false, 1}
redis.setresp(3) return true
redis.setresp(3) return {double=3.5}
redis.setresp(3) return redis.call('hgetall', 'nokey')
local t = {} for i=1,3 do t[i] = {} for j=1,3 do t[i][j] = i*j end end return t
