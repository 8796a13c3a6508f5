namespace SourceNet.Data;

/// <summary>What a model shall make of a row.</summary>
public sealed class Target
{
    private Target(string column, bool isClass)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        (Column, IsClass) = (column, isClass);
    }

    /// <summary>The name of the column.</summary>
    public string Column { get; }

    /// <summary>Whether it is a class; otherwise a number.</summary>
    public bool IsClass { get; }

    /// <summary>A class: Int64 <c>[N]</c>, the index among the texts of the training rows in ordinal order, from 0 on.</summary>
    /// <param name="column">The name of the column.</param>
    public static Target Class(string column) => new(column, isClass: true);

    /// <summary>A number: float32 <c>[N, 1]</c>.</summary>
    /// <param name="column">The name of the column.</param>
    public static Target Number(string column) => new(column, isClass: false);
}
