using System.Globalization;
using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>What expressions over constructor parameters come to where a model is constructed without arguments.</summary>
public static class DefaultArguments
{
    /// <summary>The value of a rate or strength; null for a number, which needs none, and for what is known at run time only.</summary>
    public static double? ValueOf(Rate strength, INamedTypeSymbol model)
    {
        if (strength.Formula is not { } expression)
        {
            return null;
        }

        var constructor = Scope.PrimaryConstructor(model);
        return expression.Evaluate(ValueOf) is { } value && !double.IsNaN(value) && !double.IsInfinity(value) ? value : null;

        double? ValueOf(string name) => constructor?.Parameters.FirstOrDefault(parameter => parameter.Name == name) is { } parameter
            ? Number(parameter.HasExplicitDefaultValue ? parameter.ExplicitDefaultValue : null)
            : Number(model.GetMembers(name).OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue)?.ConstantValue);

        static double? Number(object? value) => value is double or float or sbyte or byte or short or ushort or int or uint or long or ulong
            ? Convert.ToDouble(value, CultureInfo.InvariantCulture)
            : null;
    }
}
