namespace SourceNet.Data;

/// <summary>Checks the names of columns.</summary>
internal static class ColumnNames
{
    /// <exception cref="InvalidDataException">One is empty, or there twice.</exception>
    internal static string[] Check(string path, string[] names)
    {
        if (Array.IndexOf(names, "") is var empty and >= 0)
        {
            throw new InvalidDataException($"{path}: expected a name for each column, found none for column {empty + 1}");
        }

        var twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? names
            : throw new InvalidDataException($"{path}: expected columns of different names, found '{twice.Key}' {twice.Count()} times");
    }
}
