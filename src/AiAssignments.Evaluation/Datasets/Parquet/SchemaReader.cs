namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>Turns the footer's flat list of schema elements into leaves with their levels (Melnik et al. 2010, Dremel).</summary>
internal static class SchemaReader
{
    private const int MaxElements = 10_000;
    private const int MaxDepth = 32;
    private const int Required = 0;
    private const int Repeated = 2;

    /// <summary>Reads the list of schema elements; the root comes first.</summary>
    public static List<ParquetLeaf> Read(ref CompactReader reader)
    {
        var count = reader.List(out _);
        if (count > MaxElements)
        {
            throw ParquetProblem.TooLarge($"its schema has {count} elements, at most {MaxElements} are read");
        }

        var elements = new List<Element>(count);
        for (var i = 0; i < count; i++)
        {
            elements.Add(ReadElement(ref reader));
        }

        var leaves = new List<ParquetLeaf>();
        var next = 0;
        if (elements.Count > 0)
        {
            var root = elements[next++];
            for (var i = 0; i < root.Children; i++)
            {
                Walk(elements, ref next, [], new Levels(0, 0, 0), leaves);
            }
        }

        return leaves;
    }

    private static void Walk(List<Element> elements, ref int next, List<string> path, Levels levels, List<ParquetLeaf> leaves)
    {
        if (next >= elements.Count || path.Count >= MaxDepth)
        {
            throw ParquetProblem.Corrupt("its schema is malformed");
        }

        var element = elements[next++];
        var definition = levels.Definition + (element.Repetition == Required ? 0 : 1);
        levels = element.Repetition == Repeated
            ? new Levels(definition, levels.Repetition + 1, definition)
            : levels with { Definition = definition };
        List<string> inner = [.. path, element.Name];
        if (element.Children == 0)
        {
            if (element.Type is < 0 or > (int)ParquetType.FixedLengthByteArray)
            {
                throw ParquetProblem.Corrupt($"column '{element.Name}' has no known type");
            }

            leaves.Add(new ParquetLeaf(inner, (ParquetType)element.Type, levels.Definition, levels.Repetition, levels.Item));
        }

        for (var i = 0; i < element.Children; i++)
        {
            Walk(elements, ref next, inner, levels, leaves);
        }
    }

    private static Element ReadElement(ref CompactReader reader)
    {
        var element = new Element(string.Empty, -1, Required, 0);
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            switch (field, type)
            {
                case (1, 5):
                    element = element with { Type = reader.Integer32() };
                    break;
                case (3, 5):
                    element = element with { Repetition = reader.Integer32() };
                    break;
                case (4, 8):
                    element = element with { Name = reader.Text() };
                    break;
                case (5, 5):
                    element = element with { Children = reader.Integer32() };
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return element.Children is >= 0 and <= MaxElements ? element : throw ParquetProblem.Corrupt("its schema is malformed");
    }

    private readonly record struct Levels(int Definition, int Repetition, int Item);

    private sealed record Element(string Name, int Type, int Repetition, int Children);
}
