using System.Collections.Concurrent;

namespace SourceNet.Analyzers.Facts;

/// <summary>Values that are made once each, however many threads ask. One whose making was cancelled is made by the next who asks.</summary>
internal sealed class Once<TKey, TValue>(IEqualityComparer<TKey> comparer)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Slot> _slots = new(comparer);

    /// <param name="key">What the value belongs to.</param>
    /// <param name="make">Makes it. It must not ask for another value of this table: two threads could wait for each other.</param>
    public TValue Get(TKey key, Func<TKey, TValue> make) => _slots.GetOrAdd(key, static _ => new()).Get(key, make);

    private sealed class Slot
    {
        private TValue _value = default!;
        private volatile bool _isMade;

        public TValue Get(TKey key, Func<TKey, TValue> make)
        {
            if (_isMade)
            {
                return _value;
            }

            lock (this)
            {
                if (!_isMade)
                {
                    _value = make(key);
                    _isMade = true;
                }

                return _value;
            }
        }
    }
}
