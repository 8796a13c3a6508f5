namespace SourceNet.Data;

/// <summary>A column that no feature can be made of. Whoever asks for its cells is told why.</summary>
internal sealed class UnreadableColumn(string name, string reason) : TableColumn(name)
{
    internal override bool IsMissing(int row) => throw new InvalidDataException(reason);

    internal override string Text(int row) => throw new InvalidDataException(reason);

    internal override double? Number(int row) => throw new InvalidDataException(reason);
}
