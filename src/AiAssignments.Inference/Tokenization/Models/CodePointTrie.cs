namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>
/// A trie over code points whose edges lie in one hash table: the longest entry that starts a text is found in one walk
/// (after Song et al., "Fast WordPiece Tokenization", 2021, without its failure links).
/// </summary>
internal sealed class CodePointTrie
{
    /// <summary>Node of the empty text.</summary>
    public const int Root = 0;

    private readonly List<int> values = [-1];
    private Edge[] edges = new Edge[1 << 10];
    private int edgeCount;

    /// <summary>Value of an entry that ends at a node, or -1.</summary>
    public int ValueOf(int node) => values[node];

    /// <summary>Adds an entry; one that is there already gets the new value.</summary>
    /// <param name="text">The entry.</param>
    /// <param name="value">Zero or more.</param>
    public void Add(ReadOnlySpan<int> text, int value)
    {
        var node = Root;
        foreach (var point in text)
        {
            var next = Step(node, point);
            node = next >= 0 ? next : Extend(node, point);
        }

        values[node] = value;
    }

    /// <summary>The node after one more code point, or -1.</summary>
    public int Step(int node, int codePoint)
    {
        var key = KeyOf(node, codePoint);
        var mask = edges.Length - 1;
        for (var at = (int)WordHash.Of(key) & mask; ; at = (at + 1) & mask)
        {
            ref readonly var edge = ref edges[at];
            if (edge.Key == key)
            {
                return edge.To;
            }

            if (edge.Key == 0)
            {
                return -1;
            }
        }
    }

    /// <summary>The node after several code points, or -1.</summary>
    public int Walk(int node, ReadOnlySpan<int> text)
    {
        for (var i = 0; i < text.Length && node >= 0; i++)
        {
            node = Step(node, text[i]);
        }

        return node;
    }

    /// <summary>The longest entry that starts a text.</summary>
    /// <param name="node">Where to start.</param>
    /// <param name="text">The text.</param>
    /// <param name="value">Its value, or -1.</param>
    /// <returns>How many code points it takes.</returns>
    public int Longest(int node, ReadOnlySpan<int> text, out int value)
    {
        value = -1;
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            node = Step(node, text[i]);
            if (node < 0)
            {
                break;
            }

            if (values[node] >= 0)
            {
                value = values[node];
                length = i + 1;
            }
        }

        return length;
    }

    // One is added to the code point so that no key is zero, which marks an empty place.
    private static ulong KeyOf(int node, int codePoint) => ((ulong)(uint)node << 21) | (uint)(codePoint + 1);

    private int Extend(int node, int codePoint)
    {
        if (++edgeCount * 2 > edges.Length)
        {
            var old = edges;
            edges = new Edge[old.Length * 2];
            foreach (var edge in old)
            {
                if (edge.Key != 0)
                {
                    Put(edge);
                }
            }
        }

        var to = values.Count;
        values.Add(-1);
        Put(new Edge(KeyOf(node, codePoint), to));
        return to;
    }

    private void Put(Edge edge)
    {
        var mask = edges.Length - 1;
        var at = (int)WordHash.Of(edge.Key) & mask;
        while (edges[at].Key != 0)
        {
            at = (at + 1) & mask;
        }

        edges[at] = edge;
    }

    private readonly record struct Edge(ulong Key, int To);
}
