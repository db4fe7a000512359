using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Inference.Serving.Graphs;

/// <summary>A model in memory, ready to run batches. Thread-safe.</summary>
internal interface IServedGraph : IDisposable
{
    /// <summary><c>CPU</c> or <c>CUDA</c>.</summary>
    string Provider { get; }

    /// <summary>The tokenizer of a text model.</summary>
    ITokenizer? Tokenizer { get; }

    /// <summary>Kind of the rows that records make.</summary>
    RowKind Records { get; }

    /// <summary>Most batches at once.</summary>
    int MostConcurrent { get; }

    /// <summary>Runs tensors.</summary>
    IBatchRunner Tensors { get; }

    /// <summary>Runs each class of batch shapes once.</summary>
    void WarmUp();

    /// <summary>Gives memory that no run holds back to the system.</summary>
    void Shrink();
}
