using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training;

/// <summary>A matrix of trained numbers.</summary>
public sealed class Parameter
{
    /// <summary>A matrix of zeros.</summary>
    /// <param name="name">Name within its network, also in an exported graph.</param>
    /// <param name="rows">Rows, 1 or more.</param>
    /// <param name="columns">Columns, 1 or more.</param>
    /// <param name="isSparse">An example touches few of its rows (a table of embeddings); row 0 is padding, stays zero and is never trained.</param>
    /// <param name="decays">Weight decay applies (not to biases).</param>
    public Parameter(string name, int rows, int columns, bool isSparse = false, bool decays = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Name = name;
        Rows = rows;
        Columns = columns;
        IsSparse = isSparse;
        Decays = decays;
        Values = new float[checked(rows * columns)];
    }

    /// <summary>Name within its network.</summary>
    public string Name { get; }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>Whether an example touches few of its rows.</summary>
    public bool IsSparse { get; }

    /// <summary>Whether weight decay applies.</summary>
    public bool Decays { get; }

    /// <summary>The numbers, row-major.</summary>
    public float[] Values { get; }

    /// <summary>Place among its network's parameters.</summary>
    internal int Index { get; set; }

    /// <summary>Rounds every number to the nearest half precision (IEEE 754 binary16), so that an export can store two bytes each and lose nothing.</summary>
    public void RoundToHalf()
    {
        for (var i = 0; i < Values.Length; i++)
        {
            Values[i] = (float)(Half)Values[i];
        }
    }

    /// <summary>Fills it with uniform numbers of the given bound, padding excepted.</summary>
    internal void Randomize(SeededRandom random, float bound)
    {
        for (var i = IsSparse ? Columns : 0; i < Values.Length; i++)
        {
            Values[i] = random.NextUniform(bound);
        }
    }
}
