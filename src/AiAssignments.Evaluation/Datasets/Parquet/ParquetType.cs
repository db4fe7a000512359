namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>Physical types, numbered as in parquet.thrift.</summary>
internal enum ParquetType
{
    /// <summary>One bit.</summary>
    Boolean = 0,

    /// <summary>32-bit integer.</summary>
    Int32 = 1,

    /// <summary>64-bit integer.</summary>
    Int64 = 2,

    /// <summary>96-bit timestamp, deprecated; not read.</summary>
    Int96 = 3,

    /// <summary>32-bit floating point.</summary>
    Float = 4,

    /// <summary>64-bit floating point.</summary>
    Double = 5,

    /// <summary>Bytes or text.</summary>
    ByteArray = 6,

    /// <summary>Bytes of one length; not read.</summary>
    FixedLengthByteArray = 7,
}
