using System.Runtime.InteropServices;

namespace AiAssignments.Inference.Tokenization.Unicode;

/// <summary>Maps a character to the characters that replace it.</summary>
internal sealed class CharacterMapping
{
    private readonly Dictionary<int, int> places = [];
    private readonly List<int> pool = [];

    /// <summary>The replacement; <paramref name="codePoint"/> must be in the map.</summary>
    public ReadOnlySpan<int> this[int codePoint]
    {
        get
        {
            var place = places[codePoint];
            return CollectionsMarshal.AsSpan(pool).Slice(place >> 8, place & 0xFF);
        }
    }

    public void Add(int codePoint, List<int> replacement)
    {
        places.Add(codePoint, (pool.Count << 8) | replacement.Count);
        pool.AddRange(replacement);
    }
}
