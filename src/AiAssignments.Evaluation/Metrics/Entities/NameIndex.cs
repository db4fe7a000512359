namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>Gives each name a number, in the order of first sight.</summary>
internal sealed class NameIndex
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<string> names = [];

    /// <summary>Names seen.</summary>
    public int Count => names.Count;

    /// <summary>Name of a number.</summary>
    public string this[int number] => names[number];

    /// <summary>Number of a name.</summary>
    public int Of(string name)
    {
        if (!numbers.TryGetValue(name, out var number))
        {
            number = names.Count;
            numbers.Add(name, number);
            names.Add(name);
        }

        return number;
    }

    /// <summary>The names in ordinal order, and by number the place of each among them.</summary>
    public (List<string> Names, int[] Places) Sorted()
    {
        var order = Enumerable.Range(0, names.Count).OrderBy(i => names[i], StringComparer.Ordinal).ToList();
        var places = new int[order.Count];
        for (var i = 0; i < order.Count; i++)
        {
            places[order[i]] = i;
        }

        return ([.. order.Select(i => names[i])], places);
    }
}
