namespace AiAssignments.Optimization.Training;

/// <summary>A network that gives one row of logits for an input, or one row a word. Its parameters may be read from many threads while nobody trains it.</summary>
/// <typeparam name="TInput">What an example is to it: ids, or samples.</typeparam>
public abstract class Network<TInput>
{
    /// <summary>Takes the parameters in the order that an optimizer walks them.</summary>
    /// <param name="labels">Logits a row, 2 or more.</param>
    /// <param name="parameters">All parameters.</param>
    protected Network(int labels, params IReadOnlyList<Parameter> parameters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 2);
        ArgumentNullException.ThrowIfNull(parameters);
        Labels = labels;
        Parameters = parameters;
        for (var i = 0; i < parameters.Count; i++)
        {
            parameters[i].Index = i;
        }
    }

    /// <summary>Logits a row.</summary>
    public int Labels { get; }

    /// <summary>All parameters.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Rows of logits that an input gives.</summary>
    /// <param name="input">An input.</param>
    public abstract int RowsOf(TInput input);

    /// <summary>Room for one example's activations; for one thread at a time.</summary>
    public abstract NetworkPass<TInput> CreatePass();

    /// <summary>The logits of one input, row-major.</summary>
    /// <param name="input">An input.</param>
    public float[] Predict(TInput input) => CreatePass().Forward(input, null).ToArray();
}
