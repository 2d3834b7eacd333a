return {string.format('%5.2f|%d|%s|%q|%x|%g|%e', 3.14159, 42, 'hi', 'a"b\n\0c\r', 255, 0.1, 12345.678)}
return {string.format('%5d|%-5d|%05d|%+d|% d|%.3d', 42, 42, 42, 42, 42, 7)}
return {string.format('%10s|%-10s|%.2s|%s', 'abc', 'abc', 'abcdef', 12.5)}
return {string.format('%g %g %g %g %g %g', 1e20, 1e-5, 100000, 1000000, 0.0001, 123456789)}
return {string.format('%G %E %#x %#o %X %o %u', 1e-10, 12345.6789, 255, 8, 255, 8, 3)}
return {string.format('%.0f %.10f %.20f %f', 2.5, 0.1, 0.1, 1e15)}
return {string.format('%i %c%c%c %%', 5, 65, 66, 67)}
return {string.format('%d %d', 3.99, -3.99), string.format('%x', -1), string.format('%5.1f', -0.05)}
return {string.format('%s %s', 1, 'x'), string.format('%.14g %.17g', 0.1, 0.1), string.format('%.3g|%10.3g|%-10.3g|', 1234.5, 1234.5, 1234.5)}
return {string.format('%f %f %g', 1/0, -1/0, 1/0)}
return string.format('%s', nil)
return string.format('%d', '10')
return string.format('%d', '1x')
return string.format('%10.123f', 1)
return string.format('%0123d', 1)
return string.format('%------d', 1)
return string.format('%', 1)
return string.format('%z', 1)
return {('hello world'):find('wor'), ('hello'):find('l'), ('hello'):find('xyz'), ('hello'):find(''), ('hello'):find('', 10), ('hello'):find('l', -2)}
return {('a.b'):find('.', 1, true), ('a.b'):find('%.'), ('abc'):find('b', 1, true), ('a+b'):find('+', 1, true)}
return {('key=value'):match('(%w+)=(%w+)')}
return {('  trim  '):match('^%s*(.-)%s*$'), ('2024-01-02'):match('(%d+)-(%d+)-(%d+)')}
return {('abc'):match('()b()'), ('hello'):match('.-(l+)'), ('x'):match('y'), ('abc'):match('%a+', 2)}
return {('hello world'):gsub('o', '0'), ('abc'):gsub('%w', '%0%0'), ('abc'):gsub('', '-'), ('hello'):gsub('l', {l='L'}), ('hello'):gsub('(h)(e)', '%2%1')}
return {('hello'):gsub('.', function(c) if c == 'l' then return 'L' end end), ('abc abc'):gsub('abc', 'x', 1), ('a b c'):gsub('%s', '')}
return {('f(a(b)c)d'):match('%b()'), ('THE (quick) fox'):find('%((%a+)%)'), ('hello'):match('h(.)l', 1)}
return {('THE (quick) fox'):gsub('%f[%a]%a+', string.lower)}
return {('x^y'):gsub('%^', '**'), ('[test]'):match('%[(.-)%]'), ('a-b'):match('[a-z]%-[a-z]'), ('a]b'):match('[]]'), ('a^b'):match('[%^]'), ('ab'):match('[^a]')}
local r = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do r[#r+1] = k .. v end return r
local r = {} for w in ('one two  three'):gmatch('%a+') do r[#r+1] = w end return r
local r = {} for w in ('abc'):gmatch('') do r[#r+1] = 'x' end return #r
return {('hello'):sub(2, 3), ('hello'):sub(-3), ('hello'):sub(2), ('hello'):sub(0), ('hello'):sub(10), ('hello'):sub(-100, 2), ('hello'):sub(3, 2)}
return {('hello'):byte(), ('hello'):byte(2, 4), ('hello'):byte(-1), ('hello'):byte(10)}
return {string.char(72, 105), string.char(), ('abc'):rep(3), ('abc'):rep(0), ('abc'):rep(-1), ('abc'):reverse(), ('aBc'):upper(), ('aBc'):lower(), ('abc'):len()}
return {('a,b,c'):gsub(',', ';'), ('a,b'):gsub(',', '%%')}
return ('x'):gsub('x', '%9')
return ('x'):gsub('(x', '')
return ('x'):gsub('x)', '')
return ('x'):gsub('x', true)
return ('x'):gsub('x', function() return {} end)
return ('x'):rep(3, ',')
return {('a'):rep(5), ('%w'):rep(2), ('abc'):find('b', -10), ('aXb'):find('%u'), ('a1'):find('%D'), ('a\0b'):find('%z')}
return {table.concat({1,2,3}), table.concat({1,2,3}, ','), table.concat({'a','b','c'}, '-', 2), table.concat({'a','b','c'}, '-', 2, 2), table.concat({}, ',')}
local t = {1,2,3} table.insert(t, 4) table.insert(t, 1, 0) local r = table.remove(t) local r2 = table.remove(t, 1) return {r, r2, unpack(t)}
local t = {} table.insert(t, 5, 'x') return {#t, t[5]}
return {tostring(table.remove({})), tostring(table.remove({1}, 5)), table.getn({1,2}), table.maxn({1,2,[10]=3})}
local t = {5,2,8,1,9,3} table.sort(t) return t
local t = {5,2,8,1,9,3} table.sort(t, function(a,b) return a > b end) return t
local t = {'banana','apple','Cherry'} table.sort(t) return t
local n = 0 local t = {} for i=1,50 do t[i] = (i * 37) % 50 end table.sort(t, function(a,b) n = n + 1 return a < b end) return {n, unpack(t)}
local t = {3,1,2} table.sort(t, function(a,b) return true end) return t
local r = {} table.foreach({1,2,x=3}, function(k,v) r[#r+1] = tostring(k)..v end) return r
local r = {} table.foreachi({1,2,3}, function(i,v) r[#r+1] = i*v end) return r
table.setn({}, 1)
math.randomseed(42) return {math.random(1000), math.random(1000), math.random(1000)}
return math.random(0)
return math.random(1,2,3)
return {math.floor(-3.5), math.ceil(-3.5), math.abs(-3), tostring(math.sqrt(2)), math.fmod(7, 3), math.fmod(-7, 3), tostring(math.modf(3.7)), math.max(1, 2.5), math.min(3, -1)}
return {tostring(math.pi), tostring(math.huge), tostring(math.log(10)), tostring(math.log10(1000)), tostring(math.exp(1)), math.pow(2, 10), tostring(math.frexp(10)), math.ldexp(0.5, 4), tostring(math.deg(math.pi)), tostring(math.rad(180))}
return {select(2, math.frexp(10)), select(2, math.modf(-3.25)), tostring(math.modf(-3.25))}
return math.floor('x')
return math.max()
return {tostring(math.sin(1)), tostring(math.cos(1)), tostring(math.tan(1)), tostring(math.atan2(1, 2)), tostring(math.sinh(1)), tostring(math.asin(0.5))}
return cjson.encode({1,2,3})
return cjson.encode({a=1})
return cjson.encode({})
return cjson.encode({{}, {a={}}, 'x', true, false, cjson.null, 1.5, 1e20, -0.1, 12345678901234567890})
return cjson.encode({1,2,nil,4})
return cjson.encode({[1]=1,[3]=3})
return cjson.encode({[1]=1,[30]=3})
return cjson.encode({[1.5]=1})
return cjson.encode({[true]=1})
return cjson.encode(nil)
return cjson.encode('\0\1\31"\\/\b\t\n\f\r\127\200é')
return cjson.encode(function() end)
return cjson.encode({a=1,b={c=2,d={3,4}},e='x',f=false,g='y',h=5})
return cjson.encode(1/0)
return cjson.encode(0/0)
return cjson.encode({x=coroutine.create(function() end)})
return cjson.encode(1,2)
return cjson.encode(12345.678901234567)
local t = {} for i=1,1001 do t = {t} end return cjson.encode(t)
local t = {} for i=1,990 do t = {t} end return #cjson.encode(t)
return cjson.encode(cjson.decode('{"a":[1,2,null,"x\\u00e9\\ud83d\\ude00"],"b":{"c":true},"d":1.5e3,"e":"\\n\\t\\/"}'))
return {cjson.decode('[1,2,3]')[2], cjson.decode('{"a":{"b":[5]}}').a.b[1], tostring(cjson.decode('null')), cjson.decode('"x"'), cjson.decode('true'), cjson.decode(' 12 ')}
return tostring(cjson.decode('{"a":null}').a == cjson.null)
return #cjson.decode('[]')
return tostring(cjson.decode('[0x10]')[1])
return tostring(cjson.decode('[012]')[1])
return tostring(cjson.decode('[nan]')[1])
return tostring(cjson.decode('[-inf]')[1])
return tostring(cjson.decode('[Infinity]')[1])
return cjson.decode('')
return cjson.decode('{')
return cjson.decode('{"a"}')
return cjson.decode('{"a":}')
return cjson.decode('{"a":1,}')
return cjson.decode('{"a":1 "b":2}')
return cjson.decode('[1 2]')
return cjson.decode('[1,]')
return cjson.decode('[1,2')
return cjson.decode('nul')
return cjson.decode('"abc')
return cjson.decode('"a\\qb"')
return cjson.decode('"\\u12"')
return cjson.decode('"\\ud800x"')
return cjson.decode('"\\udc00"')
return cjson.decode('{1:2}')
return cjson.decode('1 2')
return cjson.decode('[1.2.3]')
return cjson.decode('+1')
return cjson.decode('-')
return cjson.decode('1e5')
return cjson.decode('tru')
return cjson.decode('[tRue]')
return cjson.decode('x')
return cjson.decode('{"a":1}x')
return cjson.decode({})
return cjson.decode()
return cjson.decode('"\0"')
return cjson.decode('[\1]')
return cjson.decode(string.rep('[', 1001) .. string.rep(']', 1001))
return #cjson.encode(cjson.decode(string.rep('[', 900) .. string.rep(']', 900)))
return cjson.decode('\239\187\191[1]')
return {cjson.encode_max_depth(), cjson.decode_max_depth(), cjson.encode_number_precision(), cjson.encode_keep_buffer(), cjson.encode_invalid_numbers(), cjson.decode_invalid_numbers(), cjson.encode_sparse_array()}
local c = cjson.new() c.encode_sparse_array(true) return c.encode({[1]=1,[30]=3})
local c = cjson.new() c.encode_max_depth(2) return c.encode({{{}}})
local c = cjson.new() c.decode_max_depth(2) return c.decode('[[[]]]')
local c = cjson.new() c.encode_number_precision(3) return c.encode(3.14159)
local c = cjson.new() c.encode_invalid_numbers('null') return c.encode({1/0, 0/0})
local c = cjson.new() c.encode_invalid_numbers(true) return c.encode({1/0, -1/0})
local c = cjson.new() return c.encode_number_precision(20)
local c = cjson.new() return c.encode_sparse_array(1)
return cmsgpack.pack({1,2,3})
return cmsgpack.pack({a=1})
return cmsgpack.pack({})
return cmsgpack.pack(1, 'x', nil, true, false, 1.5, 0.1, -1, -33, 127, 128, 256, 65536, 4294967296, -129, -32769, -2147483649, 2^53, 2^63, -2^63, 1e300)
return cmsgpack.pack(('x'):rep(31), ('x'):rep(32), ('x'):rep(256))
return cmsgpack.pack({[1]=1,[2]=2,[4]=4}, {[0]=1}, {[1.5]=2})
local t = {} for i=1,20 do t = {t} end return cmsgpack.pack(t)
local t = {} for i=1,20 do t[i] = i end return {cmsgpack.pack(t), unpack(cmsgpack.unpack(cmsgpack.pack(t)))}
return {cmsgpack.unpack(cmsgpack.pack(1, 'x', nil, true, 1.5, -3, 300, 70000, -70000, 2^40))}
return cmsgpack.unpack(cmsgpack.pack({a={1,2,{b='c'}}})).a[3].b
return {cmsgpack.unpack_one(cmsgpack.pack(1, 2, 3))}
return {cmsgpack.unpack_one(cmsgpack.pack(1, 2, 3), 1)}
return {cmsgpack.unpack_one(cmsgpack.pack(1, 2, 3), 2)}
return {cmsgpack.unpack_limit(cmsgpack.pack(1, 2, 3), 2)}
return {cmsgpack.unpack_limit(cmsgpack.pack(1, 2, 3), 2, 1)}
return {cmsgpack.unpack_limit(cmsgpack.pack(1, 2, 3), 0)}
return cmsgpack.unpack_limit('', -1)
return cmsgpack.unpack_one('abc', 10)
return cmsgpack.unpack('\193')
return cmsgpack.unpack('\146\1')
return cmsgpack.unpack('\218\255\255x')
return cmsgpack.unpack('\221\255\255\255\255')
return {cmsgpack.unpack('')}
return cmsgpack.unpack({})
return cmsgpack.pack()
return cmsgpack.pack(function() end)
return struct.pack('>I4', 1)
return {struct.pack('<bBhHiIlLfdsc3x', -1, 255, -2, 65535, -3, 4294967295, -4, 5, 1.5, 2.5, 'str', 'abc')}
return {struct.unpack('<bBhHiIlLfdsc3x', struct.pack('<bBhHiIlLfdsc3x', -1, 255, -2, 65535, -3, 4294967295, -4, 5, 1.5, 2.5, 'str', 'abc'))}
return {struct.unpack('>I2I2', '\1\2\3\4'), struct.unpack('<i3', '\255\255\255'), struct.unpack('Bc0', '\3abcdef')}
return {struct.size('<bBhHiIlLfd'), struct.size('!4bi'), struct.size('!bd'), struct.size('i3'), struct.size('c5x')}
return {struct.pack('!4bi', 1, 2), struct.pack('>!8bd', 1, 2.5)}
return struct.size('s')
return struct.size('c0')
return struct.pack('y', 1)
return struct.pack('i33', 1)
return struct.pack('i', 'x')
return struct.pack('c5', 'abc')
return struct.pack('!3i', 1)
return struct.unpack('i4', 'ab')
return struct.unpack('s', 'abc')
return struct.unpack('c0', 'abc')
return {struct.unpack('i4', 'abcdefgh', 3)}
return struct.unpack('i4', 'abcdefgh', 0)
return struct.pack('i99999999999', 1)
return {struct.pack('I4', -1), struct.pack('I4', 2^32), struct.pack('>L', 2^63), struct.pack('b', 300)}
return {bit.band(0xff, 0x0f), bit.bor(1, 2, 4), bit.bxor(5, 3), bit.bnot(0), bit.lshift(1, 31), bit.rshift(-1, 28), bit.arshift(-256, 4), bit.rol(0x12345678, 8), bit.ror(0x12345678, 8), bit.bswap(0x12345678), bit.tobit(0xffffffff), bit.tobit(2^40 + 5)}
return {bit.tohex(255), bit.tohex(255, 4), bit.tohex(255, -4), bit.tohex(-1, 20), bit.tohex(0xdeadbeef, -8)}
return {bit.tobit(1.5), bit.tobit(2.5), bit.tobit(-1.5), bit.lshift(1, 33), bit.band('7', 3)}
return bit.band()
return bit.band({})
return {redis.sha1hex(''), redis.sha1hex('abc'), redis.sha1hex(12)}
return {redis.LOG_DEBUG, redis.LOG_WARNING, redis.REPL_ALL, redis.REPL_NONE, redis.REDIS_VERSION, redis.REDIS_VERSION_NUM}
return {tostring(redis.replicate_commands()), tostring(redis.set_repl(redis.REPL_ALL)), tostring(redis.breakpoint())}
return {redis.acl_check_cmd('get', 'x'), redis.acl_check_cmd('set', 'a', 'b')}
return redis.log(redis.LOG_DEBUG, 'said')
local r = {} for k in pairs(redis) do r[#r+1] = k end table.sort(r) return r
local r = {} for _, n in ipairs{'string','table','math','coroutine','cjson','cmsgpack','struct','bit'} do local s = {} for k in pairs(_G[n]) do s[#s+1] = k end table.sort(s) r[#r+1] = table.concat(s, ' ') end return r
return tostring(collectgarbage('count') > 0)
