// vitest 5 prints failed assertions with Map.groupBy, which Node 20 lacks: without this the difference stays hidden.
Map.groupBy ??= (items, keyOf) => {
  const groups = new Map()
  for (const item of items) {
    const key = keyOf(item)
    if (groups.has(key)) groups.get(key).push(item)
    else groups.set(key, [item])
  }
  return groups
}
