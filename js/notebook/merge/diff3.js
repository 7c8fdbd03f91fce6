// Written by `make schema` from node-diff3 3.2.1, under this license:
//
// ### The MIT License (MIT)
//
// diff function extracted from Project Synchrotron.
//
// For more detail please visit:
// - https://leastfixedpoint.com/tonyg/kcbbs/projects/synchrotron.html
// - https://github.com/tonyg/synchrotron
//
// Copyright (c) 2006, 2008 Tony Garnock-Jones &lt;tonyg@lshift.net&gt;<br/>
// Copyright (c) 2006, 2008 LShift Ltd. &lt;query@lshift.net&gt;<br/>
// Copyright (c) 2019-2026 Bryan Housel &lt;bhousel@gmail.com&gt;<br/>
//
// Permission is hereby granted, free of charge, to any person
// obtaining a copy of this software and associated documentation files
// (the "Software"), to deal in the Software without restriction,
// including without limitation the rights to use, copy, modify, merge,
// publish, distribute, sublicense, and/or sell copies of the Software,
// and to permit persons to whom the Software is furnished to do so,
// subject to the following conditions:
//
// The above copyright notice and this permission notice shall be
// included in all copies or substantial portions of the Software.
//
// THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
// EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
// MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
// NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS
// BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN
// ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
// CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
// SOFTWARE.
// @ts-nocheck
function h(c,r){let a=Object.create(null);for(let t=0;t<r.length;t++){let n=r[t];a[n]?a[n].push(t):a[n]=[t]}let e=[{buffer1index:-1,buffer2index:-1,chain:null}];for(let t=0;t<c.length;t++){let n=c[t],s=a[n]||[],f=0,i=e[0];for(let o of s){let l;for(l=f;l<e.length&&!(e[l].buffer2index<o&&(l===e.length-1||e[l+1].buffer2index>o));l++);if(l<e.length){let b={buffer1index:t,buffer2index:o,chain:e[l]};if(f===e.length?e.push(i):e[f]=i,f=l+1,i=b,f===e.length)break}}e[f]=i}return e[e.length-1]}function d(c,r){let a=h(c,r),u=[],e=c.length,t=r.length;for(let n=a;n!==null;n=n.chain){let s=e-n.buffer1index-1,f=t-n.buffer2index-1;e=n.buffer1index,t=n.buffer2index,(s||f)&&u.push({buffer1:[e+1,s],buffer1Content:c.slice(e+1,e+1+s),buffer2:[t+1,f],buffer2Content:r.slice(t+1,t+1+f)})}return u.reverse(),u}export{d as diffIndices};
